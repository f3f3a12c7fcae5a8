// A small router on node:http and an HTTP client with a timeout, both seen by the OpenTelemetry http instrumentation.
'use strict';
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const { context, trace, SpanStatusCode } = require('@opentelemetry/api');
const { getRPCMetadata } = require('@opentelemetry/core');
const { logger } = require('./log');

class HttpError extends Error {
  constructor(status, message, cause) { super(message, cause ? { cause } : undefined); this.name = 'HttpError'; this.status = status; }
}

class Reply {
  constructor(status, body) { this.status = status; this.body = body; }
}

function body(req) {
  return new Promise((resolve, reject) => {
    let s = '';
    req.on('data', (d) => { s += d; }).on('end', () => resolve(s ? JSON.parse(s) : undefined)).on('error', reject);
  });
}

// With TLS_KEY and TLS_CERT, files, the server speaks TLS.
function listener(handler) {
  const { TLS_KEY: key, TLS_CERT: cert } = process.env;
  return key ? https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(cert) }, handler) : http.createServer(handler);
}

// routes: [method, '/path/:param', async ({ params, query, body, req }) => value | new Reply(status, value), { quiet }]
function serve(name, port, routes) {
  const log = logger(`${name}.http`);
  const table = routes.map(([method, pattern, handler, opts]) => ({
    method, pattern, handler, quiet: opts?.quiet,
    regex: new RegExp('^' + pattern.replace(/:(\w+)/g, '(?<$1>[^/]+)') + '$'),
  }));
  const server = listener(async (req, res) => {
    const started = process.hrtime.bigint();
    const ms = () => (Number(process.hrtime.bigint() - started) / 1e6).toFixed(1);
    const url = new URL(req.url, 'http://x');
    const route = table.find((r) => r.method === req.method && r.regex.test(url.pathname));
    let status = 404, value = { error: 'not found' };
    const span = trace.getActiveSpan();
    const ctx = context.active();
    let answered = false;
    res.on('close', () => context.with(ctx, () => {
      if (!answered) log.warn(`${req.method} ${req.url} closed by the peer after ${ms()} ms, before a response was sent`);
    }));
    if (route) {
      const meta = getRPCMetadata(ctx);
      if (meta) meta.route = route.pattern;
      try {
        const out = await route.handler({
          params: { ...url.pathname.match(route.regex).groups }, query: Object.fromEntries(url.searchParams), body: await body(req), req,
        });
        ({ status, body: value } = out instanceof Reply ? out : { status: 200, body: out });
      } catch (e) {
        status = e.status || 500;
        value = { error: e.message };
        if (status >= 500 && span) { span.recordException(e); span.setStatus({ code: SpanStatusCode.ERROR, message: e.message }); }
        if (!e.status) log.error(`unhandled error in ${route.method} ${route.pattern}`, e);
      }
    }
    answered = true;
    if (res.destroyed) return;
    const text = JSON.stringify(value ?? {});
    res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    res.end(text);
    if (!route?.quiet) log[status >= 500 ? 'error' : 'info'](`${req.method} ${req.url} ${status} ${Buffer.byteLength(text)}b ${ms()} ms`);
  });
  server.keepAliveTimeout = 75000;
  server.listen(port, () => log.info(`${name} ${process.env.SERVICE_VERSION} listening on port ${port}`));
  return server;
}

function client(base, name, { keepAlive = true } = {}) {
  const protocol = base.startsWith('https:') ? https : http;
  // No resumed TLS sessions: every new connection looks at the certificate.
  const agent = new protocol.Agent({ keepAlive, maxSockets: 64, maxCachedSessions: 0 });
  return (method, path, { body: payload, timeout = 5000 } = {}) => new Promise((resolve, reject) => {
    const started = Date.now();
    const text = payload === undefined ? undefined : JSON.stringify(payload);
    const headers = text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const req = protocol.request(base + path, { method, agent, headers }, (res) => {
      let s = '';
      res.on('data', (d) => { s += d; });
      res.on('end', () => { clearTimeout(timer); resolve({ status: res.statusCode, body: s ? JSON.parse(s) : undefined, ms: Date.now() - started }); });
    });
    const timer = setTimeout(() => req.destroy(new HttpError(504, `${method} ${base}${path}: no response from ${name} within ${timeout} ms`)), timeout);
    req.on('error', (e) => {
      clearTimeout(timer);
      reject(e instanceof HttpError ? e : new HttpError(502, `${method} ${base}${path}: ${e.message}`, e));
    });
    req.end(text);
  });
}

module.exports = { serve, client, HttpError, Reply };

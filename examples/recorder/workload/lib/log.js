// Application log: one plain text line per event to LOG_FILE (stack traces follow on their own lines), and the same event as an
// OTLP log record.
'use strict';
const fs = require('node:fs');
const { trace } = require('@opentelemetry/api');
const { logs, SeverityNumber } = require('@opentelemetry/api-logs');

const fd = fs.openSync(process.env.LOG_FILE, 'a');
const instance = process.env.SERVICE_INSTANCE;
const order = ['DEBUG', 'INFO', 'WARN', 'ERROR'];
let threshold = order.indexOf('INFO');

function write(name, otlp, level, message, error, attributes) {
  if (order.indexOf(level) < threshold) return;
  const ctx = trace.getActiveSpan()?.spanContext();
  const traceId = ctx ? ctx.traceId : '-';
  let text = `${new Date().toISOString()} ${level.padEnd(5)} [${instance}] [${name}] [trace=${traceId}] ${message}\n`;
  const attrs = { 'log.logger': name, ...attributes };
  if (error) {
    const parts = [error.stack || String(error)];
    for (let c = error.cause; c; c = c.cause) parts.push(`Caused by: ${c.stack || c}`);
    const stack = parts.join('\n');
    text += stack + '\n';
    attrs['exception.type'] = error.name;
    attrs['exception.message'] = error.message;
    attrs['exception.stacktrace'] = stack;
  }
  fs.writeSync(fd, text);
  otlp.emit({ severityNumber: SeverityNumber[level], severityText: level, body: message, attributes: attrs });
}

function logger(name) {
  const otlp = logs.getLogger(name);
  const at = (level) => (message, error, attributes) => write(name, otlp, level, message, error, attributes);
  return { debug: at('DEBUG'), info: at('INFO'), warn: at('WARN'), error: at('ERROR') };
}

module.exports = { logger, getLevel: () => order[threshold], setLevel: (l) => { threshold = order.indexOf(l); } };

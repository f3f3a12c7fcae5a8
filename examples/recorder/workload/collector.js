// OTLP/HTTP receiver: appends the JSON body of every export request as one line to traces|metrics.otlp.jsonl in OUT_DIR.
'use strict';
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const zlib = require('node:zlib');

http.createServer((req, res) => {
  const signal = /^\/v1\/(traces|metrics)$/.exec(req.url)?.[1];
  const chunks = [];
  req.on('data', (d) => chunks.push(d)).on('end', () => {
    if (!signal || req.method !== 'POST' || !String(req.headers['content-type']).startsWith('application/json')) {
      res.writeHead(signal ? 415 : 404).end();
      return;
    }
    let data = Buffer.concat(chunks);
    if (req.headers['content-encoding'] === 'gzip') data = zlib.gunzipSync(data);
    fs.appendFileSync(path.join(process.env.OUT_DIR, `${signal}.otlp.jsonl`), data.toString().replace(/\r?\n/g, ' ') + '\n');
    res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
}).listen(4318);

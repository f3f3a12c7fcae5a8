// Application log: one plain text line per event to LOG_FILE; stack traces follow on their own lines.
'use strict';
const fs = require('node:fs');
const { trace } = require('@opentelemetry/api');

const fd = fs.openSync(process.env.LOG_FILE, 'a');
const instance = process.env.SERVICE_INSTANCE;
const order = ['DEBUG', 'INFO', 'WARN', 'ERROR'];
let threshold = order.indexOf('INFO');

function write(name, level, message, error) {
  if (order.indexOf(level) < threshold) return;
  const traceId = trace.getActiveSpan()?.spanContext().traceId ?? '-';
  let text = `${new Date().toISOString()} ${level.padEnd(5)} [${instance}] [${name}] [trace=${traceId}] ${message}\n`;
  if (error) {
    const parts = [error.stack || String(error)];
    for (let c = error.cause; c; c = c.cause) parts.push(`Caused by: ${c.stack || c}`);
    text += parts.join('\n') + '\n';
  }
  fs.writeSync(fd, text);
}

function logger(name) {
  const at = (level) => (message, error) => write(name, level, message, error);
  return { debug: at('DEBUG'), info: at('INFO'), warn: at('WARN'), error: at('ERROR') };
}

module.exports = { logger, getLevel: () => order[threshold], setLevel: (l) => { threshold = order.indexOf(l); } };

// Reads the load balancer's JSON log on standard input and writes it in the format of an AWS Application Load Balancer access log,
// fields as documented up to conn_trace_id.
'use strict';
const crypto = require('node:crypto');
const lines = require('node:fs').readFileSync(0, 'utf8').split('\n').filter(Boolean);

const { ALB_NAME, ALB_TARGET_GROUP, ALB_CERTIFICATE, ALB_SALT } = process.env;
const q = (s) => `"${s === '' || s === undefined ? '-' : s}"`;
const iso = (seconds) => new Date(Math.round(seconds * 1000)).toISOString().replace('Z', '000Z'); // milliseconds are what is known
const fixed = (x) => Math.max(0, x).toFixed(3);

for (const line of lines) {
  const r = JSON.parse(line);
  const tls = r.scheme === 'https';
  const target = r.upstream_addr;
  const answered = target !== '' && r.upstream_header_time !== '-' && r.upstream_header_time !== '';
  const connected = target !== '' && r.upstream_connect_time !== '-' && r.upstream_connect_time !== '';
  const rest = r.request_time - Number(r.upstream_response_time || 0);
  const times = answered
    ? [fixed(rest + Number(r.upstream_connect_time)), fixed(r.upstream_header_time - r.upstream_connect_time), fixed(r.upstream_response_time - r.upstream_header_time)]
    : [connected ? fixed(rest + Number(r.upstream_connect_time)) : '-1', '-1', '-1'];
  const status = r.status === 499 ? 460 : r.status; // the client closed the connection
  const targetStatus = answered ? r.upstream_status : '-';
  const connection = crypto.createHash('sha256').update(`${ALB_SALT}/${r.remote_addr}/${r.connection}`).digest('hex').slice(0, 32);
  process.stdout.write([
    tls ? 'https' : 'http', iso(r.msec), ALB_NAME, `${r.remote_addr}:${r.remote_port}`, target || '-', ...times, status, targetStatus,
    r.request_length, r.bytes_sent, q(`${r.method} ${r.scheme}://${r.host}:${r.port}${r.uri} ${r.protocol}`), q(r.user_agent),
    tls ? r.ssl_cipher : '-', tls ? r.ssl_protocol : '-', target ? ALB_TARGET_GROUP : '-', q(r.trace), q(r.server_name), q(tls ? ALB_CERTIFICATE : '-'),
    r.rule, iso(r.msec - r.request_time), q(r.action), q(r.action === 'redirect' ? r.location : '-'), '"-"', q(target), q(targetStatus), '"-"', '"-"',
    `TID_${connection}`,
  ].join(' ') + '\n');
}

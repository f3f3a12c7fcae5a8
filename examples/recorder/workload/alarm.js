// Watches the load balancer's log as a metric alarm would: every minute the 5XX answers of the targets in the minute before are
// counted; the first minute with THRESHOLD or more of them raises the alarm, which is written to ALARM_FILE.
'use strict';
const fs = require('node:fs');

const threshold = Number(process.env.THRESHOLD || 10);
const timer = setInterval(() => {
  const to = Math.floor(Date.now() / 60000) * 60, from = to - 60;
  if (Date.now() / 1000 - to < 3) return; // late lines
  const n = fs.readFileSync(process.env.LB_LOG, 'utf8').split('\n').filter((l) => {
    if (!l) return false;
    const r = JSON.parse(l);
    return r.msec >= from && r.msec < to && r.upstream_header_time !== '-' && r.upstream_status >= 500;
  }).length;
  if (n < threshold) return;
  fs.writeFileSync(process.env.ALARM_FILE, JSON.stringify({
    entity: process.env.LB_ENTITY, metric: 'HTTPCode_Target_5XX_Count', statistic: 'Sum', time: new Date().toISOString().replace(/\.\d+/, ''),
  }) + '\n');
  clearInterval(timer);
}, 5000);

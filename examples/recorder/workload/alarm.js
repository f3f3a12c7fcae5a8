// Watches the load balancer's log as two metric alarms would: every minute the answers of the targets in the minute before are looked
// at; the first minute with ERRORS or more 5XX answers, or with an average response time of SECONDS or more, raises the alarm, which is
// written to ALARM_FILE.
'use strict';
const fs = require('node:fs');

const mostErrors = Number(process.env.ERRORS || 5), mostSeconds = Number(process.env.SECONDS || 0.2);
const timer = setInterval(() => {
  const to = Math.floor(Date.now() / 60000) * 60, from = to - 60;
  if (Date.now() / 1000 - to < 3) return; // late lines
  const answered = fs.readFileSync(process.env.LB_LOG, 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l))
    .filter((r) => r.msec >= from && r.msec < to && !['', '-'].includes(r.upstream_header_time));
  const errors = answered.filter((r) => r.upstream_status >= 500).length;
  const seconds = answered.reduce((sum, r) => sum + Number(r.upstream_header_time), 0) / answered.length;
  const alarm = errors >= mostErrors ? ['HTTPCode_Target_5XX_Count', 'Sum'] : answered.length >= 30 && seconds >= mostSeconds ? ['TargetResponseTime', 'Average'] : null;
  if (!alarm) return;
  const [metric, statistic] = alarm;
  fs.writeFileSync(process.env.ALARM_FILE, JSON.stringify({ entity: process.env.LB_ENTITY, metric, statistic, time: new Date().toISOString().replace(/\.\d+/, '') }) + '\n');
  clearInterval(timer);
}, 5000);

// What a node agent sees of each container from outside: CPU time and throttling, memory against its limit, its data volume; exported
// over OTLP under the names of the OpenTelemetry Collector's kubeletstats and dockerstats receivers.
// CONTAINERS: JSON array of { service, instance, cpus, memory (bytes or null), cgroup: { cpu, memory } (folders), volume (a path or null) }.
'use strict';
const fs = require('node:fs');
const { resourceFromAttributes } = require('@opentelemetry/resources');
const { MeterProvider, PeriodicExportingMetricReader } = require('@opentelemetry/sdk-metrics');
const { OTLPMetricExporter } = require('@opentelemetry/exporter-metrics-otlp-http');

const read = (folder, file) => fs.readFileSync(`${folder}/${file}`, 'utf8');
const field = (text, name) => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1]);

function cpu(folder) { // seconds used and seconds throttled; cgroup v2, else v1
  const stat = read(folder, 'cpu.stat');
  if (/^usage_usec/m.test(stat)) return [field(stat, 'usage_usec') / 1e6, field(stat, 'throttled_usec') / 1e6];
  return [Number(read(folder.replace('/cpu/', '/cpuacct/'), 'cpuacct.usage')) / 1e9, field(stat, 'throttled_time') / 1e9];
}
function memory(folder) {
  return Number(fs.existsSync(`${folder}/memory.current`) ? read(folder, 'memory.current') : read(folder, 'memory.usage_in_bytes'));
}

for (const c of JSON.parse(process.env.CONTAINERS)) {
  const meter = new MeterProvider({
    resource: resourceFromAttributes({ 'service.namespace': 'shop', 'service.name': c.service, 'service.instance.id': c.instance, 'container.name': c.instance }),
    readers: [new PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter({ url: `${process.env.COLLECTOR_URL}/v1/metrics` }), exportIntervalMillis: Number(process.env.METRIC_SECONDS || 30) * 1000, exportTimeoutMillis: 5000,
    })],
  }).getMeter('container-metrics');
  const gauge = (name, unit, value) => meter.createObservableGauge(name, { unit }).addCallback((r) => { const v = value(); if (v !== undefined) r.observe(v); });
  let last = { at: Date.now(), used: cpu(c.cgroup.cpu)[0] };
  const used = () => {
    const now = { at: Date.now(), used: cpu(c.cgroup.cpu)[0] };
    const cores = (now.used - last.used) / ((now.at - last.at) / 1000);
    last = now;
    return cores;
  };
  let cores = 0;
  gauge('container.cpu.usage', '{cpu}', () => (cores = used()));
  gauge('container.cpu.limit_utilization', '1', () => cores / c.cpus);
  meter.createObservableCounter('container.cpu.throttling_data.throttled_time', { unit: 's' }).addCallback((r) => r.observe(cpu(c.cgroup.cpu)[1]));
  gauge('container.memory.usage', 'By', () => memory(c.cgroup.memory));
  if (c.memory) gauge('container.memory.limit_utilization', '1', () => memory(c.cgroup.memory) / c.memory);
  if (c.volume) {
    const space = (pick) => { const s = fs.statfsSync(c.volume); return pick(s) * s.bsize; };
    gauge('container.filesystem.available', 'By', () => space((s) => s.bavail));
    gauge('container.filesystem.capacity', 'By', () => space((s) => s.blocks));
  }
}
setInterval(() => {}, 60000); // the readers' timers do not keep a process alive

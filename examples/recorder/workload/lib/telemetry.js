// OpenTelemetry set-up shared by the services: traces and metrics over OTLP/HTTP with JSON bodies.
// The resource is set explicitly; no detector runs, so nothing about the machine is recorded.
'use strict';
const { diag, DiagConsoleLogger, DiagLogLevel, metrics } = require('@opentelemetry/api');
const { defaultResource, resourceFromAttributes } = require('@opentelemetry/resources');
const { NodeTracerProvider, BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler } = require('@opentelemetry/sdk-trace-node');
const { MeterProvider, PeriodicExportingMetricReader } = require('@opentelemetry/sdk-metrics');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http');
const { OTLPMetricExporter } = require('@opentelemetry/exporter-metrics-otlp-http');
const { registerInstrumentations } = require('@opentelemetry/instrumentation');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
const { PgInstrumentation } = require('@opentelemetry/instrumentation-pg');
const { RuntimeNodeInstrumentation } = require('@opentelemetry/instrumentation-runtime-node');
const { HostMetricsInstrumentation } = require('@opentelemetry/instrumentation-host-metrics');

diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);

const endpoint = process.env.COLLECTOR_URL;
const resource = defaultResource().merge(resourceFromAttributes({
  'service.namespace': 'shop',
  'service.name': process.env.SERVICE_NAME,
  'service.version': process.env.SERVICE_VERSION,
  'service.instance.id': process.env.SERVICE_INSTANCE,
  'deployment.environment': process.env.DEPLOYMENT_ENVIRONMENT,
  'deployment.environment.name': process.env.DEPLOYMENT_ENVIRONMENT,
}));

const tracerProvider = new NodeTracerProvider({
  resource,
  sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(Number(process.env.TRACE_SHARE || 1)) }),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }), { scheduledDelayMillis: 5000 })],
});
tracerProvider.register();

const meterProvider = new MeterProvider({
  resource,
  readers: [new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({ url: `${endpoint}/v1/metrics` }),
    exportIntervalMillis: Number(process.env.METRIC_SECONDS || 30) * 1000, exportTimeoutMillis: 5000,
  })],
});
metrics.setGlobalMeterProvider(meterProvider);

registerInstrumentations({
  tracerProvider, meterProvider,
  instrumentations: [
    new HttpInstrumentation({
      // The health check of the load balancer and the admin port would only fill the traces.
      ignoreIncomingRequestHook: (r) => r.url === '/healthz' || r.url.startsWith('/admin'),
      headersToSpanAttributes: { server: { requestHeaders: ['x-amzn-trace-id'] } },
    }),
    new PgInstrumentation(),
    new RuntimeNodeInstrumentation(),
    new HostMetricsInstrumentation({ metricGroups: ['process.cpu', 'process.memory'] }),
  ],
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    Promise.allSettled([tracerProvider.shutdown(), meterProvider.shutdown()]).then(() => process.exit(0));
    setTimeout(() => process.exit(0), 5000).unref();
  });
}

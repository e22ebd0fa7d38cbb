// JSON logs with the request id and trace id of where they were written. Secrets are cut out by name.
import winston from 'winston';
import { requestScope } from './requestScope.ts';

export type Logger = winston.Logger;

const secretName = /password|secret|token|authorization|api-?key|cookie/i;

/** Errors become plain objects (with their causes), values under secret names become `[redacted]`. */
function presentable(value: unknown, depth = 0): unknown {
  if (value instanceof Error) {
    const { name, message, stack, cause } = value;
    return {
      name,
      message,
      stack,
      ...(cause !== undefined && { cause: presentable(cause, depth + 1) }),
    };
  }
  if (typeof value !== 'object' || value === null || depth > 4) return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => presentable(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      secretName.test(key) ? '[redacted]' : presentable(item, depth + 1),
    ]),
  );
}

const withScope = winston.format((info) => {
  for (const key of Object.keys(info)) {
    info[key] = secretName.test(key) ? '[redacted]' : presentable(info[key]);
  }
  return Object.assign(info, requestScope.getStore());
});

export function createLogger(options: { service: string; level: string }): Logger {
  return winston.createLogger({
    level: options.level,
    defaultMeta: { service: options.service },
    format: winston.format.combine(withScope(), winston.format.timestamp(), winston.format.json()),
    transports: [new winston.transports.Console()],
  });
}

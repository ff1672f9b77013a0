// How a metric's number is written: people count, shares are percent, seconds are durations, money is minor units.
import { num, short, percent, duration, money, boot } from '../web/kit.js';

export function written(value, of) {
  const metric = of ?? {};
  if (value == null) return '–';
  if (metric.unit === 'percent') return percent(value);
  if (metric.unit === 'seconds') return duration(value);
  if (metric.unit === 'money') return money(Math.round(value), metric.currency || boot.workspace.currency);
  return Math.abs(value) >= 100000 ? short(value) : num(value, Number.isInteger(value) ? 0 : 2);
}

// How a metric's number is written: people count, shares are percent, seconds are durations, money is minor units.
import { num, short, percent, duration, money, boot } from '../web/kit.js';

export function written(value, of) {
  const metric = of ?? {};
  if (value == null) return '–';
  if (metric.unit === 'percent') return percent(value);
  if (metric.unit === 'seconds') return duration(value);
  if (metric.unit === 'money') return money(Math.round(value), metric.currency || boot.workspace.currency);
  // A score around nothing tells by its decimals, its zero too.
  if (metric.unit === 'number' && Math.abs(value) < 1) return (Math.round(value * 100) / 100 || 0).toFixed(2);
  return Math.abs(value) >= 100000 ? short(value) : num(value, Number.isInteger(value) ? 0 : 2);
}

// A stage's rule in the reader's language, and durations ("7d") as people write them.
import { inLang, t, duration } from '../web/kit.js';
import './journey_words.js';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };
export const timeOf = text => { const [, n, unit] = /^(\d+)([smhdw])$/.exec(text) ?? []; return unit ? duration(n * SECONDS[unit]) : text; };

export const nameOf = one => inLang({ ko: one.name_ko, en: one.name_en });

const compared = f => f.op === 'set' || f.op === 'not_set' ? `${f.prop} ${f.op}` : `${f.prop} ${f.op ?? '='} ${Array.isArray(f.value) ? f.value.join(', ') : f.value}`;

function clause(rule) {
  if (rule.trait) return compared(rule.trait);
  const event = (rule.event === '*' ? t('jn.anyevent') : rule.event) + (rule.where?.length ? ` (${rule.where.map(compared).join(', ')})` : '');
  const said = (rule.at_least ?? 1) > 1 ? t('jn.saidtimes', { event, n: rule.at_least }) : t('jn.saidevent', { event });
  return rule.within ? t('jn.saidwithin', { rest: said, time: timeOf(rule.within) }) : said;
}

// What it takes to be in a stage: its own description, then the rule to the letter.
export function inWords(stage) {
  const about = inLang({ ko: stage.about_ko, en: stage.about_en }), rule = (stage.rule.any ?? [stage.rule]).map(clause).join(t('jn.saidor'));
  const said = t('jn.said', { rule, holds: t(stage.holds === 'while' ? 'jn.saidwhile' : 'jn.saidonce'), patience: stage.patience ? t('jn.saidpatience', { time: timeOf(stage.patience) }) : '' });
  return [about, said].filter(Boolean).join(' ');
}

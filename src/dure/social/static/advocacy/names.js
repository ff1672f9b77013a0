// What things are called: networks, teams, states with their sign.
import { Badge, html, inLang, t } from '../../web/kit.js';
import { MARKS, PHASES } from './words.js';

export const nameOf = network => inLang(network.title);
export const Mark = { props: ['state'], setup: p => () => html`<${Badge} kind=${MARKS[p.state]} text=${t('adv.s.' + p.state)} />` };
export const Phase = { props: ['state'], setup: p => () => html`<${Badge} kind=${PHASES[p.state]} text=${t('adv.t.' + p.state)} />` };
export const teamOf = name => name ? t('social.' + name) : t('adv.noteam');

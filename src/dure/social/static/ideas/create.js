// A new idea; while its title is typed, those of nearly the same words are shown, so that it may join one instead.
import { action, api, Dialog, html, openDialog, percent, ref, t, toast } from '../../web/kit.js';
import './words.js';

const NewIdea = {
  props: ['title', 'mention', 'close'],
  setup(p) {
    const title = ref((p.title ?? '').slice(0, 140)), about = ref(''), near = ref([]);
    let typed = 0;
    const look = () => { clearTimeout(typed); typed = setTimeout(async () => { try { near.value = title.value.trim().length > 2 ? (await api.get('/ideas/similar', { quiet: true, query: { title: title.value } })).similar : []; } catch { near.value = []; } }, 250); };
    look();
    const create = action(async () => {
      const made = await api.post('/ideas', { title: title.value, about: about.value, mention: p.mention ?? '' });
      toast(t('idea.created')); p.close(made);
    }, { failed: toast.error });
    const join = action(async one => {
      if (p.mention) await api.post('/ideas/' + one.id + '/askings', { source: 'mention', ref: p.mention });
      p.close(one);
    }, { failed: toast.error });
    return () => html`<${Dialog} title=${t('idea.new')} onClose=${() => p.close(null)}><form class="stack" @submit=${e => { e.preventDefault(); create.run(); }}>
      <label class="stack"><span class="sm">${t('idea.title')}</span><input class="input" autofocus maxlength="140" value=${title.value} @input=${e => { title.value = e.target.value; look(); }} /></label>
      ${near.value.length > 0 && html`<div class="idea-near"><span class="mut sm">${t('idea.similar')}</span>${near.value.map(one => html`<button type="button" key=${one.id} class="btn sm" disabled=${join.busy} @click=${() => join.run(one)}><span class="cut">${one.title}</span><span class="mut num">${percent(one.near, 0)}</span></button>`)}</div>`}
      <label class="stack"><span class="sm">${t('idea.about')}</span><textarea class="input" rows="3" value=${about.value} @input=${e => { about.value = e.target.value; }}></textarea></label>
      <div class="actions end"><button type="submit" class="btn pri" disabled=${create.busy || title.value.trim().length < 3}>${t('idea.create')}</button></div></form><//>`;
  },
};

// props: title to begin with, mention that asks for it; answers the idea that was made or joined, or null.
export const newIdea = props => openDialog(NewIdea, props ?? {});

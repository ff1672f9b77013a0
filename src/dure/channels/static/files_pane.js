// The files of a conversation in the pane at the right, the newest first.
import { ago, api, Failed, html, icon, load, openDialog, ref, Skeleton, Empty, t, toast, useKeys, useLive, words } from '../web/kit.js';
import { badge, bytes, isPicture, LightBox, mine, removeFile } from './files.js';

words({
  ko: { 'fp.title': '파일', 'fp.none': '아직 파일이 없습니다', 'fp.none.body': '메시지 칸에 파일을 끌어다 놓거나 그림을 붙여 넣어 보세요.', 'fp.none.kind': '이 종류의 파일이 없습니다', 'fp.all': '전체', 'fp.images': '그림', 'fp.videos': '영상', 'fp.audios': '소리', 'fp.documents': '문서', 'fp.snippets': '글', 'fp.zips': '압축', 'fp.more': '더 보기', 'fp.go': '메시지로', 'fp.kind': '종류' },
  en: { 'fp.title': 'Files', 'fp.none': 'No files yet', 'fp.none.body': 'Drop a file on the message field, or paste a picture.', 'fp.none.kind': 'No files of this kind', 'fp.all': 'All', 'fp.images': 'Pictures', 'fp.videos': 'Videos', 'fp.audios': 'Audio', 'fp.documents': 'Documents', 'fp.snippets': 'Texts', 'fp.zips': 'Archives', 'fp.more': 'Show more', 'fp.go': 'To the message', 'fp.kind': 'Kind' },
});

const KINDS = ['', 'images', 'documents', 'videos', 'audios', 'snippets', 'zips'], PAGE = 50;

// props: room, canWrite, close
export const FilesPane = {
  props: ['room', 'canWrite', 'close'],
  setup(p) {
    const kind = ref(''), more = ref(false);
    const ask = (page, signal) => api.get(`/channels/${p.room.id}/files`, { signal, query: { type: kind.value, page, count: PAGE } });
    const files = load(signal => ask(1, signal), { watch: () => [p.room.id, kind.value], keep: false });
    useLive(() => `channel:${p.room.id}`, event => { if (/^(File|Message Deleted|Message Changed)/.test(event.event)) files.reload({ quiet: true }); }, { reset: () => files.reload({ quiet: true }) });
    useKeys({ Escape: [() => p.close(), 'dialog.close'] }, 'ch.keys');
    async function next() {
      more.value = true;
      try {
        const got = await ask(Math.floor(files.data.files.length / PAGE) + 1), known = new Set(files.data.files.map(f => f.id));
        files.set({ ...files.data, files: [...files.data.files, ...got.files.filter(f => !known.has(f.id))], people: { ...files.data.people, ...got.people }, total: got.total });
      } catch (error) { toast.error(error); } finally { more.value = false; }
    }
    const place = f => { const at = f.shares.find(one => one.channel === p.room.id); return at ? `/channels/${p.room.id}?ts=${at.ts}${at.thread_ts ? `&thread=${at.thread_ts}` : ''}` : null; };
    const look = (f, pictures) => isPicture(f) ? openDialog(LightBox, { files: pictures, at: pictures.indexOf(f) }) : open(f.url, '_blank', 'noopener,noreferrer');
    const row = (f, pictures, people) => html`<li key=${f.id} class="fl-row"><button type="button" class="fl-open" aria-label=${f.title} @click=${() => look(f, pictures)}>${isPicture(f) ? html`<img src=${f.thumbs['360'].url} alt="" loading="lazy" />` : badge(f)}</button>
      <div class="grow"><b class="cut" title=${f.title}>${f.title}</b><span class="mut sm cut">${people[f.user]?.name ?? f.user} · ${ago(f.created_at)}${f.mode === 'external' ? '' : ` · ${bytes(f.size)}`}</span></div>
      ${place(f) && html`<a class="btn ghost ico sm" href=${place(f)} aria-label=${t('fp.go')} title=${t('fp.go')}>${icon('chat', 14)}</a>`}
      ${f.mode !== 'external' && html`<a class="btn ghost ico sm" href=${f.download} download=${f.name} aria-label=${t('fl.download')} title=${t('fl.download')}>${icon('download', 14)}</a>`}
      ${mine(f) && p.canWrite && html`<button type="button" class="btn ghost ico sm" aria-label=${t('fl.delete')} title=${t('fl.delete')} @click=${async () => { if (await removeFile(f)) files.reload({ quiet: true }); }}>${icon('trash', 14)}</button>`}</li>`;
    const body = () => {
      if (files.error && !files.data) return html`<${Failed} error=${files.error} retry=${files.reload} />`;
      if (!files.data) return html`<${Skeleton} n=${6} />`;
      const { files: list, total, people } = files.data, pictures = list.filter(isPicture);
      if (!list.length) return html`<${Empty} icon="paper-clip" title=${t(kind.value ? 'fp.none.kind' : 'fp.none')} body=${kind.value ? '' : t('fp.none.body')} />`;
      return html`<ul class="fl-list">${list.map(f => row(f, pictures, people))}</ul>${list.length < total && html`<button type="button" class="btn sm ch-more" disabled=${more.value} @click=${next}>${t('fp.more')}</button>`}`;
    };
    return () => html`<aside class="ch-pane fl-pane" aria-label=${t('fp.title')}><header><h2>${t('fp.title')}${files.data && html` <span class="mut num">${files.data.total}</span>`}</h2><button type="button" class="btn ghost ico" aria-label=${t('dialog.close')} @click=${p.close}>${icon('x')}</button></header>
      <div class="fl-kinds" role="group" aria-label=${t('fp.kind')}>${KINDS.map(name => html`<button key=${name} type="button" class=${'btn sm' + (kind.value === name ? ' on' : '')} aria-pressed=${String(kind.value === name)} @click=${() => { kind.value = name; }}>${t('fp.' + (name || 'all'))}</button>`)}</div>
      <div class="ch-scroll">${body()}</div></aside>`;
  },
};

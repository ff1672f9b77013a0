// Files in messages: pictures with a light box, players, texts, cards; and files on their way in.
import { api, ask, boot, Dialog, html, icon, Menu, openDialog, reactive, ref, t, toast, words } from '../web/kit.js';

words({
  ko: {
    'fl.attach': '파일 첨부', 'fl.drop': '여기에 놓으면 올라갑니다', 'fl.download': '내려받기', 'fl.delete': '파일 삭제', 'fl.public': '공개 링크 복사', 'fl.public.copied': '로그인 없이 볼 수 있는 링크를 복사했습니다', 'fl.unpublic': '공개 링크 끊기', 'fl.unpublic.done': '이제 공개 링크로 볼 수 없습니다', 'fl.delete.ask': '{name} 파일을 지울까요? 이 파일이 붙은 모든 메시지에서 사라지며 되돌릴 수 없습니다.',
    'fl.gone': '삭제된 파일입니다', 'fl.cut': '연결이 끊긴 조직의 파일이라 볼 수 없습니다', 'fl.lines': '{n}줄', 'fl.more': '펼치기', 'fl.less': '접기', 'fl.open': '열기', 'fl.elsewhere': '외부 파일',
    'fl.cancel': '올리기 취소', 'fl.again': '다시 올리기', 'fl.waiting': '대기 중', 'fl.failed': '올리지 못했습니다', 'fl.offline': '연결이 끊겨 올리지 못했습니다', 'fl.toolarge': '너무 큽니다. {n}까지 올릴 수 있습니다', 'fl.empty': '빈 파일입니다', 'fl.many': '한 번에 {n}개까지 보낼 수 있습니다', 'fl.wait': '파일이 다 올라간 뒤에 보낼 수 있습니다', 'fl.some': '올리지 못한 파일을 빼거나 다시 올린 뒤에 보내세요',
    'fl.before': '이전 그림', 'fl.after': '다음 그림', 'fl.of': '{n} / {all}', 'fl.uploads': '올리는 파일', 'fl.actions': '파일 작업', 'fl.pasted': '붙여 넣은 그림',
  },
  en: {
    'fl.attach': 'Attach files', 'fl.drop': 'Drop to upload', 'fl.download': 'Download', 'fl.delete': 'Delete file', 'fl.public': 'Copy public link', 'fl.public.copied': 'Copied a link that needs no sign-in', 'fl.unpublic': 'Revoke public link', 'fl.unpublic.done': 'The public link no longer works', 'fl.delete.ask': 'Delete {name}? It disappears from every message that carries it. This cannot be undone.',
    'fl.gone': 'This file was deleted', 'fl.cut': 'This file belongs to an organisation that is no longer connected', 'fl.lines': '{n} {n|line|lines}', 'fl.more': 'Show all', 'fl.less': 'Show less', 'fl.open': 'Open', 'fl.elsewhere': 'External file',
    'fl.cancel': 'Cancel upload', 'fl.again': 'Upload again', 'fl.waiting': 'Waiting', 'fl.failed': 'Not uploaded', 'fl.offline': 'Not uploaded: the connection broke', 'fl.toolarge': 'Too large: at most {n}', 'fl.empty': 'The file is empty', 'fl.many': 'At most {n} files go with one message', 'fl.wait': 'The message can go once its files are there', 'fl.some': 'Remove the files that were not uploaded, or upload them again',
    'fl.before': 'Previous picture', 'fl.after': 'Next picture', 'fl.of': '{n} of {all}', 'fl.uploads': 'Files being uploaded', 'fl.actions': 'File actions', 'fl.pasted': 'Pasted picture',
  },
});

const MOST = 20, AT_ONCE = 2;

export function bytes(n) {
  const units = ['B', 'kB', 'MB', 'GB'];
  let at = 0;
  while (n >= 1000 && at < units.length - 1) { n /= 1000; at += 1; }
  return `${at && n < 10 ? n.toFixed(1) : Math.round(n)} ${units[at]}`;
}

const kindOf = file => (file.mimetype ?? '').split('/')[0];
export const isPicture = file => Boolean(file.thumbs?.['360']);
export const mine = file => file.user === boot.me.id || ['owner', 'admin'].includes(boot.me.role);

export async function removeFile(file) {
  if (!await ask({ title: t('fl.delete'), body: t('fl.delete.ask', { name: file.title }), action: t('fl.delete'), danger: true })) return false;
  try { await api.del(`/files/${file.id}`); return true; } catch (error) { toast.error(error); return false; }
}

// An address that needs no sign-in, copied; or taken back.
async function publish(file, on = true) {
  try {
    const { file: now } = await api[on ? 'put' : 'del'](`/files/${file.id}/public`);
    if (on) await navigator.clipboard.writeText(location.origin + now.public_url);
    toast(t(on ? 'fl.public.copied' : 'fl.unpublic.done'));
  } catch (error) { toast.error(error); }
}

// -- shown -------------------------------------------------------------------------------------------------------------

// props: files, channel, canWrite
export const FileCards = {
  props: ['files', 'channel', 'canWrite'],
  setup(p) {
    const pictures = () => p.files.filter(isPicture);
    return () => html`<div class=${'fl-cards' + (pictures().length > 1 ? ' several' : '')}>${p.files.map(file => html`<${FileCard} key=${file.id} file=${file} pictures=${pictures()} canWrite=${p.canWrite} />`)}</div>`;
  },
};

const FileCard = {
  props: ['file', 'pictures', 'canWrite'],
  setup(p) {
    const menu = () => html`<${Menu} label=${t('fl.actions')} icon="more" cls="btn ghost ico sm" items=${[
      { label: t('fl.download'), icon: 'download', run: () => save(p.file) },
      ...(mine(p.file) && p.file.mode !== 'external' && boot.me.role !== 'guest' ? [{ label: t('fl.public'), icon: 'globe', run: () => publish(p.file) }, { label: t('fl.unpublic'), icon: 'lock', run: () => publish(p.file, false) }] : []),
      ...(mine(p.file) && p.canWrite ? [null, { label: t('fl.delete'), icon: 'trash', danger: true, run: () => removeFile(p.file) }] : []),
    ]} />`;
    return () => {
      const f = p.file;
      if (f.mode === 'tombstone' || f.mode === 'cut') return html`<div class="fl-gone mut">${icon(f.mode === 'cut' ? 'lock' : 'trash', 14)}${t(f.mode === 'cut' ? 'fl.cut' : 'fl.gone')}</div>`;
      if (isPicture(f)) {
        const small = f.thumbs['480'] ?? f.thumbs['360'], box = fit(f.width ?? small.width, f.height ?? small.height, p.pictures.length > 1 ? 200 : 400, p.pictures.length > 1 ? 160 : 300);
        return html`<figure class="fl-picture"><button type="button" class="fl-open" aria-label=${f.alt || f.title} @click=${() => openDialog(LightBox, { files: p.pictures, at: p.pictures.indexOf(f) })}>
          <img src=${f.filetype === 'gif' && f.size < 8e6 ? f.url : (f.thumbs['720'] ?? small).url} alt=${f.alt || f.title} width=${box.width} height=${box.height} loading="lazy" /></button>
          <figcaption class="mut sm"><span class="cut">${f.title}</span><span class="num nowrap">${bytes(f.size)}</span>${menu()}</figcaption></figure>`;
      }
      if (f.shown && kindOf(f) === 'video') return html`<figure class="fl-media">${head(f, menu())}<video controls preload="metadata" src=${f.url} aria-label=${f.title}></video></figure>`;
      if (f.shown && kindOf(f) === 'audio') return html`<figure class="fl-media">${head(f, menu())}<audio controls preload="metadata" src=${f.url} aria-label=${f.title}></audio></figure>`;
      if (f.mode === 'snippet') return html`<${Snippet} file=${f}>${menu()}<//>`;
      return html`<div class="fl-card">${badge(f)}<a class="grow fl-name" href=${f.url} target="_blank" rel="noopener noreferrer"><b class="cut">${f.title}</b><span class="mut sm">${f.mode === 'external' ? t('fl.elsewhere') : `${f.pretty} · ${bytes(f.size)}`}</span></a>
        ${f.mode !== 'external' && html`<a class="btn ghost ico sm" href=${f.download} download=${f.name} aria-label=${t('fl.download')} title=${t('fl.download')}>${icon('download')}</a>`}${menu()}</div>`;
    };
  },
};

const head = (f, menu) => html`<div class="fl-head">${icon(kindOf(f) === 'audio' ? 'mic' : 'play', 14)}<b class="cut grow">${f.title}</b><span class="mut sm num nowrap">${bytes(f.size)}</span>${menu}</div>`;

// A card's mark: the kind's letters, coloured by what it is for.
const COLOURS = { pdf: 'c4', docx: 'c1', doc: 'c1', hwp: 'c1', hwpx: 'c1', xlsx: 'c3', xls: 'c3', csv: 'c3', pptx: 'c2', ppt: 'c2', zip: 'c5' };
export const badge = f => html`<span class="fl-badge" style=${`--tone:var(--${COLOURS[f.filetype] ?? 'fg-2'})`} aria-hidden="true">${icon(f.mode === 'external' ? 'link' : 'file', 18)}<small>${(/\.(\w{1,4})$/.exec(f.name ?? '')?.[1] ?? f.filetype.slice(0, 4)).toUpperCase()}</small></span>`;

function fit(width, height, most, tall) {
  const by = Math.min(1, most / width, tall / height);
  return { width: Math.max(24, Math.round(width * by)), height: Math.max(24, Math.round(height * by)) };
}

function save(file) {
  const link = document.createElement('a');
  link.href = file.download; link.download = file.name ?? ''; link.rel = 'noopener';
  if (file.mode === 'external') link.target = '_blank';
  link.click();
}

// Korean of older programs is read too.
function read(raw) {
  try { return new TextDecoder('utf-8', { fatal: true }).decode(raw); } catch { return new TextDecoder('euc-kr').decode(raw); }
}

// A text's first lines; the whole is fetched when it is asked for.
const Snippet = {
  props: ['file'],
  setup(p, { slots }) {
    const whole = ref(null), open = ref(false), busy = ref(false);
    async function toggle() {
      if (!open.value && whole.value === null) {
        busy.value = true;
        try {
          const answer = await fetch(p.file.url);
          if (!answer.ok) throw new Error(answer.statusText);
          whole.value = read(await answer.arrayBuffer());
        } catch (error) { toast.error(error); return; } finally { busy.value = false; }
      }
      open.value = !open.value;
    }
    return () => {
      const f = p.file, shown = open.value ? whole.value : f.preview, more = f.lines > f.preview.split('\n').length || f.preview.length >= 1500;
      return html`<figure class="fl-text"><div class="fl-head">${icon('file', 14)}<b class="cut grow">${f.title}</b><span class="mut sm nowrap">${f.pretty} · ${t('fl.lines', { n: f.lines })}</span>${slots.default?.()}</div>
        <pre tabindex="0" aria-label=${f.title}>${shown}</pre>
        ${more && html`<button type="button" class="btn ghost sm" aria-expanded=${String(open.value)} disabled=${busy.value} @click=${toggle}>${icon(open.value ? 'up' : 'down', 14)}${t(open.value ? 'fl.less' : 'fl.more')}</button>`}</figure>`;
    };
  },
};

// props: files (pictures), at, close
export const LightBox = {
  props: ['files', 'at', 'close'],
  setup(p) {
    const at = ref(Math.max(0, p.at)), step = by => { at.value = (at.value + by + p.files.length) % p.files.length; };
    const key = e => {
      if (e.key === 'ArrowRight' || e.key === 'ArrowLeft') { e.preventDefault(); step(e.key === 'ArrowRight' ? 1 : -1); }
    };
    return () => {
      const f = p.files[at.value];
      return html`<${Dialog} bare=${true} label=${f.title} onClose=${() => p.close()}><div class="fl-light" tabindex="-1" autofocus @keydown=${key}>
        <header><b class="cut grow">${f.title}</b><span class="mut sm num">${p.files.length > 1 ? t('fl.of', { n: at.value + 1, all: p.files.length }) : bytes(f.size)}</span>
          <a class="btn sm" href=${f.download} download=${f.name} aria-label=${t('fl.download')}>${icon('download', 14)}${t('fl.download')}</a><button type="button" class="btn ghost ico" aria-label=${t('dialog.close')} @click=${() => p.close()}>${icon('x')}</button></header>
        <div class="fl-stage"><img key=${f.id} src=${f.shown ? f.url : (f.thumbs['720'] ?? f.thumbs['360']).url} alt=${f.alt || f.title} />
          ${p.files.length > 1 && html`<button type="button" class="btn ico fl-prev" aria-label=${t('fl.before')} @click=${() => step(-1)}>${icon('back')}</button><button type="button" class="btn ico fl-next" aria-label=${t('fl.after')} @click=${() => step(1)}>${icon('arrow')}</button>`}</div></div><//>`;
    };
  },
};

// -- on their way in ---------------------------------------------------------------------------------------------------

const places = new Map();   // what is being uploaded goes on while another channel is looked at

// place: a channel's id, or `channel/thread`. → {items, add(files), remove(item), retry(item), clear(), busy, ids(), names()}
export function useUpload(channel, thread) {
  const place = thread ? `${channel}/${thread}` : channel;
  if (places.has(place)) return places.get(place);
  const it = reactive({ items: [], get busy() { return it.items.some(item => item.state === 'waiting' || item.state === 'sending'); }, get failed() { return it.items.some(item => item.state === 'failed'); } });
  let last = 0;
  const run = () => {
    for (const item of it.items) {
      if (it.items.filter(other => other.state === 'sending').length >= AT_ONCE) return;
      if (item.state === 'waiting') send(item);
    }
  };
  function send(item) {
    item.state = 'sending'; item.done = 0; item.why = '';
    const call = item.call = new XMLHttpRequest();
    call.open('PUT', `/api/v1/files/upload?name=${encodeURIComponent(item.name)}`);
    call.setRequestHeader('x-dure-client', 'web');
    call.upload.onprogress = e => { if (e.lengthComputable) item.done = e.loaded / e.total; };
    call.onload = () => {
      let said = null;
      try { said = JSON.parse(call.responseText); } catch { /* a proxy between here and there answered */ }
      if (call.status === 201 && said?.file) Object.assign(item, { state: 'done', done: 1, file: said.file });
      else Object.assign(item, { state: 'failed', why: call.status === 413 && said?.error?.data?.limit ? t('fl.toolarge', { n: bytes(said.error.data.limit) }) : said?.error?.message ?? t('fl.failed') });
      run();
    };
    call.onerror = () => { Object.assign(item, { state: 'failed', why: t('fl.offline') }); run(); };
    call.send(item.source);
  }
  function drop(item) { item.call?.abort(); if (item.picture) URL.revokeObjectURL(item.picture); }
  it.add = list => {
    const room = MOST - it.items.length, files = [...list];
    if (files.length > room) toast(t('fl.many', { n: MOST }), { kind: 'bad' });
    for (const source of files.slice(0, Math.max(0, room))) {
      const name = source.name || t('fl.pasted');
      it.items.push({ key: ++last, name, size: source.size, source, picture: /^image\/(png|jpeg|gif|webp)$/.test(source.type) ? URL.createObjectURL(source) : '', state: source.size ? 'waiting' : 'failed', why: source.size ? '' : t('fl.empty'), done: 0, file: null, call: null });
    }
    run();
  };
  it.remove = item => { drop(item); it.items = it.items.filter(other => other.key !== item.key); run(); };
  it.retry = item => { if (item.size) { item.state = 'waiting'; run(); } };
  it.clear = () => { it.items.forEach(drop); it.items = []; };
  it.ids = () => it.items.filter(item => item.file).map(item => item.file.id);
  it.names = () => it.items.filter(item => item.file).map(item => item.name);
  places.set(place, it);
  return it;
}

// props: upload (a useUpload())
export const UploadTray = {
  props: ['upload'],
  setup: p => () => p.upload.items.length > 0 && html`<ul class="fl-tray" aria-label=${t('fl.uploads')}>${p.upload.items.map(item => html`<li key=${item.key} class=${item.state}>
    ${item.picture ? html`<img src=${item.picture} alt="" />` : html`<span class="fl-ico">${icon('file')}</span>`}
    <div class="grow"><b class="cut" title=${item.name}>${item.name}</b>
      ${item.state === 'failed' ? html`<span class="poor sm cut" role="alert" title=${item.why}>${item.why}</span>` : item.state === 'done' ? html`<span class="mut sm">${bytes(item.size)}</span>`
        : html`<span class="fl-bar" role="progressbar" aria-label=${item.name} aria-valuenow=${Math.round(item.done * 100)} aria-valuemin="0" aria-valuemax="100"><i style=${`width:${Math.round(item.done * 100)}%`}></i></span>`}</div>
    ${item.state === 'failed' && item.size > 0 && html`<button type="button" class="btn ghost ico sm" aria-label=${t('fl.again')} title=${t('fl.again')} @click=${() => p.upload.retry(item)}>${icon('refresh', 14)}</button>`}
    <button type="button" class="btn ghost ico sm" aria-label=${t('fl.cancel')} title=${t('fl.cancel')} @click=${() => p.upload.remove(item)}>${icon('x', 14)}</button></li>`)}</ul>`,
};

// Picks files by hand. props: upload
export const AttachButton = {
  props: ['upload'],
  setup(p) {
    const input = ref();
    const picked = e => { p.upload.add(e.target.files); e.target.value = ''; };
    return () => html`<input ref=${input} class="fl-input" type="file" multiple tabindex="-1" aria-hidden="true" @change=${picked} /><button type="button" class="btn ghost ico" aria-label=${t('fl.attach')} title=${t('fl.attach')} @click=${() => input.value.click()}>${icon('paper-clip')}</button>`;
  },
};

const carriesFiles = e => [...(e.dataTransfer?.types ?? [])].includes('Files');

// Files dropped on an element are taken; one that misses it does not make the browser leave the page. Returns a stop.
export function takeDrops(element, upload) {
  let depth = 0;
  const shown = on => { element.classList.toggle('fl-dropping', on); element.dataset.drop = t('fl.drop'); };
  const on = {
    dragenter: e => { if (carriesFiles(e)) { depth += 1; shown(true); } },
    dragleave: e => { if (carriesFiles(e) && --depth <= 0) { depth = 0; shown(false); } },
    dragover: e => { if (carriesFiles(e)) e.preventDefault(); },
    drop: e => { depth = 0; shown(false); if (carriesFiles(e)) { e.preventDefault(); upload().add(e.dataTransfer.files); } },
  };
  for (const [name, act] of Object.entries(on)) element.addEventListener(name, act);
  return () => { for (const [name, act] of Object.entries(on)) element.removeEventListener(name, act); };
}
for (const name of ['dragover', 'drop']) addEventListener(name, e => { if (carriesFiles(e)) e.preventDefault(); });

// Pictures that are pasted are taken; text that is pasted beside them stays text.
export function takePaste(e, upload) {
  const files = [...(e.clipboardData?.files ?? [])];
  if (!files.length || e.clipboardData.getData('text/plain')) return;
  e.preventDefault();
  upload.add(files);
}

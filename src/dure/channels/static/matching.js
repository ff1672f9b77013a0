// How well a name fits what was typed: beginnings before middles, initial consonants (ㅎㅂ finds 한빛), a syllable that
// is still being typed (하 finds 한), and letters in their order (q4l finds q4-launch).
const INITIALS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const hangul = c => { const i = c.charCodeAt(0) - 0xac00; return i >= 0 && i < 11172 ? i : -1; };

// Whether a typed letter may stand for one of the name's.
function same(name, typed) {
  if (name === typed) return true;
  const syllable = hangul(name);
  if (syllable < 0) return false;
  if (INITIALS.includes(typed)) return INITIALS[Math.floor(syllable / 588)] === typed;
  const open = hangul(typed);
  return open >= 0 && open % 28 === 0 && Math.floor(syllable / 28) === Math.floor(open / 28);
}

const runs = (name, typed, from) => [...typed].every((c, i) => from + i < name.length && same(name[from + i], c));
const boundary = c => c === undefined || /[\s\-_.,()/#@]/.test(c);

// 0 not at all, 3 the whole name, in between the better the nearer to the beginning.
export function score(text, typed) {
  const name = text.toLowerCase().normalize('NFC'), wanted = typed.trim().toLowerCase().normalize('NFC').replace(/^[#@]/, '');
  if (!wanted) return 1;
  if (name === wanted) return 3;
  let middle = 0;
  for (let i = 0; i + wanted.length <= name.length; i++) {
    if (!runs(name, wanted, i)) continue;
    if (i === 0) return 2.8;
    middle = Math.max(middle, boundary(name[i - 1]) ? 2.4 : 1.8);
  }
  if (middle) return middle;
  return inOrder(name, wanted.replace(/[\s\-_]/g, ''));
}

// All letters in their order with gaps; each gap costs, and the first must begin a word.
function inOrder(name, wanted) {
  if (wanted.length < 2) return 0;
  let at = -1, gaps = 0;
  for (const [n, c] of [...wanted].entries()) {
    let i = at + 1;
    while (i < name.length && !(same(name[i], c) && (n || boundary(name[i - 1])))) i++;
    if (i >= name.length) return 0;
    if (n && i > at + 1 && !boundary(name[i - 1])) gaps++;
    at = i;
  }
  return gaps > wanted.length / 2 ? 0 : 1.4 - gaps * 0.15;
}

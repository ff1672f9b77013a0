// Lifting a card with mouse or pen and dropping it on a lane. Fingers scroll, and move a deal by the stage in its details.
import { reactive } from '../../web/kit.js';

const EDGE = 48, SPEED = 14;

// `drop(deal, stage)` is called at the end; `drag.id` is the card in one's hand, `drag.over` the lane beneath it.
export function useDrag(drop) {
  const drag = reactive({ id: '', over: '' });
  function press(e, deal) {
    if (e.button || e.pointerType === 'touch') return;
    const card = e.currentTarget, board = card.closest('.board'), x = e.clientX, y = e.clientY;
    let ghost = null, at = { x, y }, timer = 0;
    const lift = () => {
      drag.id = deal.id; getSelection()?.removeAllRanges();
      const box = card.getBoundingClientRect();
      // A likeness follows the pointer: the card itself lies in a list that cuts off what leaves it.
      ghost = card.cloneNode(true);
      ghost.classList.add('deals-ghost'); ghost.removeAttribute('data-deal'); ghost.removeAttribute('data-row'); ghost.setAttribute('aria-hidden', 'true');
      ghost.style.cssText = `width:${box.width}px;height:${box.height}px;left:${box.left}px;top:${box.top}px`;
      document.body.append(ghost);
      timer = setInterval(push, 16);
    };
    // Near an edge the board, or the lane beneath, scrolls on.
    const push = () => {
      const b = board.getBoundingClientRect(), list = document.elementFromPoint(at.x, at.y)?.closest('[data-lane]')?.querySelector('ul'), l = list?.getBoundingClientRect();
      if (at.x < b.left + EDGE) board.scrollLeft -= SPEED; else if (at.x > b.right - EDGE) board.scrollLeft += SPEED;
      if (l && at.y < l.top + EDGE) list.scrollTop -= SPEED; else if (l && at.y > l.bottom - EDGE) list.scrollTop += SPEED;
    };
    const follow = ev => {
      at = { x: ev.clientX, y: ev.clientY };
      if (!drag.id && Math.hypot(at.x - x, at.y - y) < 6) return;
      if (!drag.id) lift();
      ghost.style.transform = `translate(${at.x - x}px, ${at.y - y}px) rotate(1.5deg)`;
      drag.over = document.elementFromPoint(at.x, at.y)?.closest('[data-lane]')?.dataset.lane ?? '';
    };
    const end = ev => {
      removeEventListener('pointermove', follow); removeEventListener('pointerup', end); removeEventListener('pointercancel', end); removeEventListener('keydown', stop, true);
      clearInterval(timer); ghost?.remove();
      const lifted = drag.id, over = drag.over;
      drag.id = drag.over = '';
      if (lifted && ev.type === 'pointerup' && over) drop(deal, over);
      if (lifted) { addEventListener('click', swallow, true); setTimeout(() => removeEventListener('click', swallow, true), 0); }
    };
    const swallow = ev => ev.stopPropagation();
    const stop = ev => { if (ev.key === 'Escape') { ev.stopPropagation(); end(ev); } };
    addEventListener('pointermove', follow); addEventListener('pointerup', end); addEventListener('pointercancel', end); addEventListener('keydown', stop, true);
  }
  return { drag, press };
}

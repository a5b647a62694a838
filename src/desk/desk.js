// Keys for officers who would rather not reach for the mouse. Everything here is also a link or a button on the page.
const OFF = 'pendopo-pintasan-mati';

class DeskKeys extends HTMLElement {
  connectedCallback() {
    this.off = localStorage.getItem(OFF) === 'ya';
    this.toggle = this.querySelector('[data-toggle]');
    this.toggle.addEventListener('click', () => this.turn(!this.off));
    this.turn(this.off);
    this.listen = (event) => this.press(event);
    document.addEventListener('keydown', this.listen);
  }

  disconnectedCallback() {
    document.removeEventListener('keydown', this.listen);
  }

  // single letters must be possible to turn off (WCAG 2.1.4): people who dictate would trigger them
  turn(off) {
    this.off = off;
    localStorage.setItem(OFF, off ? 'ya' : 'tidak');
    this.toggle.textContent = off ? 'Nyalakan pintasan' : 'Matikan pintasan';
  }

  press(event) {
    const { key, target } = event;
    const typing =
      target instanceof HTMLElement && target.matches('input:not([type=radio],[type=checkbox]), textarea, select');
    if (key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      const form = target instanceof HTMLElement ? target.closest('form') : null;
      form?.querySelector('.btns button, button.btn')?.click();
      return;
    }
    if (key === 'Escape' && typing) return target.blur();
    if (this.off || typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (this.act(key)) event.preventDefault();
  }

  act(key) {
    switch (key) {
      case '?':
        this.querySelector('[popover]').togglePopover();
        return true;
      case '/':
        return focus(document.querySelector('#cari'));
      case 'j':
      case 'J':
        return this.move(1);
      case 'k':
      case 'K':
        return this.move(-1);
      case 'u':
      case 'U':
        location.assign('/kerja');
        return true;
      default:
        return /^[1-9]$/.test(key) && this.choose(Number(key) - 1);
    }
  }

  move(step) {
    const links = [...document.querySelectorAll('.cases tbody th a')];
    const at = links.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step));
    const link = links[next];
    link?.closest('tr').scrollIntoView({ block: 'nearest' });
    return focus(link);
  }

  choose(index) {
    const deed = document.querySelectorAll('.deeds details')[index];
    if (!deed) return false;
    deed.open = true;
    deed.scrollIntoView({ block: 'nearest' });
    return focus(deed.querySelector('input:not([type=hidden]), textarea, button'));
  }
}

/** A ready-made sentence goes into its note without asking the server. */
document.addEventListener('click', (event) => {
  const press = event.target instanceof Element ? event.target.closest('.ready button') : null;
  const list = press?.parentElement.querySelector('[data-fill]');
  const note = list && document.getElementById(list.dataset.fill);
  if (!note) return;
  event.preventDefault();
  const text = list.selectedOptions[0]?.dataset.text;
  if (!text) return list.focus();
  note.value = note.value.trim() ? `${note.value.trim()}\n${text}` : text;
  note.focus();
});

/** How far a batch is, told anew every two seconds while it runs. */
class BatchProgress extends HTMLElement {
  connectedCallback() {
    if (this.dataset.state === 'running') this.timer = setTimeout(() => this.look(), 2000);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  async look() {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
      const fresh = page.querySelector('batch-progress');
      if (fresh?.dataset.state !== 'running') return location.reload();
      this.replaceChildren(...fresh.childNodes);
    } catch {
      // the next look may succeed
    }
    this.timer = setTimeout(() => this.look(), 2000);
  }
}

function focus(element) {
  element?.focus();
  return Boolean(element);
}

customElements.define('desk-keys', DeskKeys);
customElements.define('batch-progress', BatchProgress);

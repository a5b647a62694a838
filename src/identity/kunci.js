// Asks the device for a passkey: fetches the question, lets the device answer, sends the answer as an ordinary form.
const CANNOT = 'Peramban atau perangkat ini belum mendukung kunci sandi. Pakai cara yang lain.';
const STOPPED = 'Tidak jadi. Perangkat tidak memberi jawaban; tekan tombolnya untuk mencoba lagi.';
const BUSY = 'Halaman ini sudah terlalu lama terbuka, atau terlalu sering dicoba. Muat ulang, lalu coba lagi.';

class PasskeyForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector('form');
    this.said = this.querySelector('[role=status]');
    if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
      this.said.textContent = CANNOT;
      return;
    }
    this.form.hidden = false;
    this.form.addEventListener('submit', (event) => {
      if (this.form.elements.jawaban.value) return;
      event.preventDefault();
      this.ask();
    });
  }

  async ask() {
    this.said.textContent = 'Ikuti petunjuk di perangkat Anda.';
    const question = await fetch(this.dataset.question, { method: 'POST' });
    if (!question.ok) {
      this.said.textContent = BUSY;
      return;
    }
    const options = await question.json();
    try {
      const credential =
        this.dataset.deed === 'create'
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      this.form.elements.jawaban.value = JSON.stringify(credential.toJSON());
    } catch {
      this.said.textContent = STOPPED;
      return;
    }
    this.form.requestSubmit();
  }
}

customElements.define('passkey-form', PasskeyForm);

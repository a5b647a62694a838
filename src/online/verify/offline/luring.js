// Checks a paper's code without any network: keys and names came with the page. Nothing leaves the phone; the page's
// own policy forbids it to connect anywhere.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const DAY = 86400000;

/** Bytes of the read-aloud alphabet; undefined when another character is among them. */
function bytesOf(text) {
  const bytes = [];
  let held = 0;
  let bits = 0;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return undefined;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
    }
  }
  return Uint8Array.from(bytes);
}

/** What the code says, before anybody believes it; or { fault }. */
function readPayload(text) {
  const match = /([0-9A-HJKMNP-TV-Z]{26})#([0-9A-Za-z]{1,800})(?![0-9A-Za-z])/.exec(
    text.replace(/\s+/g, '').slice(0, 4000),
  );
  if (!match) {
    if (/\/verifikasi\/[0-9A-Z-]{26,34}#?$/.test(text.trim())) return { fault: 'code-only' };
    return { fault: 'not-ours' };
  }
  const bytes = bytesOf(match[2].toUpperCase());
  if (!bytes || bytes.length < 1) return { fault: 'not-ours' };
  if (bytes[0] !== 1) return { fault: 'version' };
  let at = 16;
  const texts = [];
  for (let i = 0; i < 3; i++) {
    const length = bytes[at];
    if (length === undefined || at + 1 + length > bytes.length) return { fault: 'truncated' };
    texts.push(new TextDecoder().decode(bytes.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  if (bytes.length < at + 64) return { fault: 'truncated' };
  if (bytes.length > at + 64) return { fault: 'longer' };
  const hex = (from, to) => [...bytes.subarray(from, to)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const day = new Date(Date.UTC(2020, 0, 1) + ((bytes[6] << 8) | bytes[7]) * DAY);
  return {
    code: match[1],
    kid: hex(2, 6),
    example: (bytes[1] & 1) === 1,
    day,
    content: hex(8, 16),
    product: texts[0],
    agency: texts[1],
    holder: [...texts[2]].map((letter) => `${letter}***`).join(' ') || '***',
    body: bytes.subarray(0, at),
    signature: bytes.subarray(at, at + 64),
  };
}

/** { fault } or what the code says, with its signature checked by one of `keys`. */
async function checkCode(text, keys) {
  const said = readPayload(text);
  if (said.fault) return said;
  const jwk = keys.find((one) => one.kid === said.kid);
  if (!jwk) return { fault: 'unknown-key', kid: said.kid };
  if (!globalThis.crypto?.subtle) return { fault: 'no-crypto' };
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const { kty, crv, x, y } = jwk;
  const key = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, algorithm, false, ['verify']);
  const head = new TextEncoder().encode(`pendopo/1/${said.code}/`);
  const signed = new Uint8Array(head.length + said.body.length);
  signed.set(head);
  signed.set(said.body, head.length);
  const good = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, said.signature, signed);
  return good ? said : { fault: 'forged' };
}

const FAULTS = {
  'not-ours': [
    'Ini bukan kode surat dari kami',
    'Pindai kode QR di panel “Periksa keaslian dokumen ini”, lalu salin seluruh alamatnya, termasuk huruf-huruf sesudah tanda #.',
  ],
  'code-only': [
    'Kode ini hanya bisa diperiksa dengan internet',
    'Yang terbaca baru alamatnya, tanpa huruf-huruf sesudah tanda #. Salin semuanya; surat lama memang tidak memuatnya.',
  ],
  truncated: ['Kodenya terpotong', 'Sebagian huruf di belakang hilang. Pindai lagi, lalu salin seluruhnya.'],
  longer: ['Kodenya berlebih', 'Ada huruf tambahan di belakang. Pindai lagi, lalu salin persis seperti aslinya.'],
  version: ['Halaman ini terlalu lama untuk kode itu', 'Buka dan simpan lagi halaman ini selagi ada internet.'],
  'unknown-key': [
    'Kunci surat ini tidak dikenal',
    'Bila halaman ini sudah lama disimpan, simpan lagi yang terbaru lalu coba lagi. Bila sudah terbaru, jangan terima surat itu dulu.',
  ],
  forged: [
    'Kode ini tidak asli',
    'Isinya diubah, atau dibuat oleh orang lain. Jangan terima surat itu; tanyakan ke kantor yang namanya tercantum.',
  ],
  'no-crypto': [
    'Peramban ini tidak bisa memeriksa',
    'Buka halaman ini lewat alamat https atau dengan peramban lain yang lebih baru.',
  ],
};

function start() {
  const data = JSON.parse(document.getElementById('data').textContent);
  const out = document.getElementById('hasil');
  const box = document.getElementById('teks');
  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const show = (tone, title, text, rows = []) => {
    const note = element('div', '', `note ${tone}`);
    note.append(element('h2', title), element('p', text));
    const list = element('dl', '', 'sum');
    for (const [key, value] of rows) {
      const row = element('div');
      row.append(element('dt', key), element('dd', value));
      list.append(row);
    }
    out.replaceChildren(note, ...(rows.length > 0 ? [list] : []));
    out.focus();
  };
  const check = async (text) => {
    if (text.trim() === '') return show('warning', 'Belum ada kodenya', 'Tempel dulu alamat dari kode QR.');
    const said = await checkCode(text, data.keys);
    if (said.fault)
      return show(
        said.fault === 'forged' || said.fault === 'unknown-key' ? 'danger' : 'warning',
        ...FAULTS[said.fault],
      );
    const rows = [
      ['Surat', data.products[said.product] ?? said.product],
      ['Diterbitkan oleh', data.agencies[said.agency] ?? said.agency],
      [
        'Tanggal',
        said.day.toLocaleDateString('id-ID', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }),
      ],
      ['Pemegang', said.holder],
      ['Kode', said.code.match(/.{1,4}/g).join('-')],
    ];
    if (said.example)
      show(
        'warning',
        'Kode asli dari dunia contoh',
        'Surat ini contoh atau simulasi: tidak berlaku sebagai dokumen resmi.',
        rows,
      );
    else
      show(
        'success',
        'Kode ini asli dari kami',
        'Cocokkan keterangan di bawah dengan surat yang Anda pegang; bila berbeda, surat itu diubah. Tanpa internet tidak bisa diketahui apakah surat ini sudah dicabut.',
        rows,
      );
  };

  document.getElementById('periksa').addEventListener('submit', (event) => {
    event.preventDefault();
    check(box.value);
  });
  // scanning needs a reader in the browser; where there is none, the phone's own camera reads and people paste
  if ('BarcodeDetector' in globalThis) {
    const detector = new BarcodeDetector({ formats: ['qr_code'] });
    const found = (codes) => {
      if (codes.length === 0) return false;
      box.value = codes[0].rawValue;
      check(box.value);
      return true;
    };
    document.getElementById('pindai').hidden = false;
    document.getElementById('foto').addEventListener('change', async (event) => {
      const [file] = event.target.files;
      if (!file) return;
      const picture = await createImageBitmap(file).catch(() => undefined);
      if (!picture || !found(await detector.detect(picture)))
        show('warning', 'Kode QR tidak terbaca di foto itu', 'Foto lagi lebih dekat, lurus, dan terang.');
    });
    const video = document.getElementById('video');
    document.getElementById('kamera').addEventListener('click', async () => {
      const stream = await navigator.mediaDevices
        ?.getUserMedia({ video: { facingMode: 'environment' } })
        .catch(() => undefined);
      if (!stream)
        return show('warning', 'Kamera tidak bisa dibuka', 'Beri izin kamera, atau pilih foto, atau tempel kodenya.');
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      const look = async () => {
        if (found(await detector.detect(video).catch(() => []))) {
          for (const track of stream.getTracks()) track.stop();
          video.hidden = true;
        } else setTimeout(look, 250);
      };
      look();
    });
  }
  if (location.hash.length > 30) {
    box.value = location.hash.slice(1);
    check(box.value);
  }
}

if (typeof document !== 'undefined') start();

// BSrE's on-premise client over loopback, versions 1 and 2: speaks the requests that public integrations show, and fails
// in every way that was seen or feared. Signs with a test key; what it was sent is kept for the test to look at.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drawPaper, makeSeal, signPaper, type TestSeal } from './papers.ts';

export type Mood =
  | 'good'
  | 'json-id' // v1: answers an id, the file is fetched by it
  | 'download-cut' // the same, but the first fetch breaks
  | 'bad-auth'
  | 'invalid-pdf'
  | 'wrong-passphrase'
  | 'not-registered'
  | 'no-certificate'
  | 'hang'
  | 'cut' // the line breaks after the request arrived
  | 'cut-midway' // … in the midst of the answer
  | 'gateway-timeout'
  | 'redirect'
  | 'other-document'
  | 'unsigned'
  | 'truncated'
  | 'wrong-type'
  | 'content-changed'
  | 'not-covered'
  | 'stranger'; // a valid signature by a certificate that nobody knows

export type FakeBsre = {
  url: string;
  mood: Mood;
  seal: TestSeal;
  /** Requests to sign that arrived. */
  signings: { passphrase: string; who: string }[];
  close(): Promise<void>;
};

export const BSRE_LOGIN = { user: 'pendopo', password: 'kunci-aplikasi-contoh' };

export async function startBsre(version: 1 | 2): Promise<FakeBsre> {
  const seal = makeSeal();
  const stranger = makeSeal();
  const kept = new Map<string, Buffer>();
  let downloads = 0;
  const server = createServer(
    (request, response) => void answer(request, response).catch(() => request.socket.destroy()),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeBsre = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mood: 'good',
    seal,
    signings: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const path = request.url ?? '';
    const json = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    const login = `Basic ${Buffer.from(`${BSRE_LOGIN.user}:${BSRE_LOGIN.password}`).toString('base64')}`;
    if (request.headers.authorization !== login || fake.mood === 'bad-auth')
      return json(401, { status: 401, error: 'Unauthorized' });
    if (version === 1 ? path.startsWith('/api/user/status/') : path === '/api/v2/user/check/status') {
      // HTTP 200 also for people it does not know
      if (fake.mood === 'not-registered') return json(200, { status: 'NOT_REGISTERED', status_code: 2011 });
      if (fake.mood === 'no-certificate') return json(200, { status: 'NO_CERTIFICATE', status_code: 2021 });
      return json(200, { status: 'ISSUE' });
    }
    if (version === 1 && path.startsWith('/api/sign/download/')) {
      downloads += 1;
      if (fake.mood === 'download-cut' && downloads === 1) return void request.socket.destroy();
      const file = kept.get(path.split('/').at(-1) ?? '');
      if (!file) return json(404, { error: 'not found' });
      response.writeHead(200, { 'content-type': 'application/pdf' });
      return void response.end(file);
    }
    if (path !== (version === 1 ? '/api/sign/pdf' : '/api/v2/sign/pdf')) return json(404, { error: 'not found' });
    const { pdf, who, passphrase } = version === 1 ? await readForm(request, body) : readJson(body);
    fake.signings.push({ who, passphrase });
    if (pdf.subarray(0, 5).toString() !== '%PDF-' || fake.mood === 'invalid-pdf')
      return json(500, { error: 'Internal Server Error', message: 'PDF header signature not found' });
    switch (fake.mood) {
      case 'wrong-passphrase':
        return json(400, { status: 400, error: `Passphrase anda salah: ${passphrase}` });
      case 'hang':
        return;
      case 'cut':
        return void request.socket.destroy();
      case 'gateway-timeout':
        response.writeHead(504, { 'content-type': 'text/html' });
        return void response.end('<h1>504 Gateway Time-out</h1>');
      case 'redirect':
        response.writeHead(307, { location: `${fake.url}/lain` });
        return void response.end();
    }
    const signed = await signedAs(fake.mood, pdf);
    if (fake.mood === 'cut-midway') {
      response.writeHead(200, { 'content-type': 'application/pdf', 'content-length': signed.length });
      response.write(signed.subarray(0, 5000));
      return void setTimeout(() => request.socket.destroy(), 50);
    }
    if (fake.mood === 'wrong-type') {
      response.writeHead(200, { 'content-type': 'text/html' });
      return void response.end('<h1>Berhasil</h1>');
    }
    if (version === 2) return json(200, { time: 812, file: [signed.toString('base64')] });
    const id = `dok${kept.size + 1}`;
    kept.set(id, signed);
    if (fake.mood === 'json-id' || fake.mood === 'download-cut') return json(200, { id_dokumen: id });
    response.writeHead(200, { 'content-type': 'application/pdf', id_dokumen: id });
    response.end(signed);
  }

  async function signedAs(mood: Mood, pdf: Buffer): Promise<Buffer> {
    switch (mood) {
      case 'other-document':
        return signPaper(await drawPaper({ number: 'LAIN' }), seal);
      case 'unsigned':
        return pdf;
      case 'truncated':
        return signPaper(pdf, seal).subarray(0, -200);
      case 'content-changed':
        return signPaper(withOtherContent(pdf), seal);
      case 'not-covered':
        return Buffer.concat([signPaper(pdf, seal), Buffer.from('\n% lebih\n%%EOF\n')]);
      case 'stranger':
        return signPaper(pdf, stranger);
      default:
        return signPaper(pdf, seal);
    }
  }
  return fake;
}

/** An update that leaves every byte of ours and makes readers show another page. */
function withOtherContent(pdf: Buffer): Buffer {
  const text = pdf.toString('latin1');
  const page = /\n(\d+) 0 obj\n<<\n\/Type \/Page\n[\s\S]*?endobj/.exec(text);
  if (!page) throw new Error('no page');
  const size = Number(/\/Size (\d+)/.exec(text)?.[1]);
  const trailer = /trailer\s*<<([\s\S]*?)>>\s*startxref\s+(\d+)/.exec(text);
  const changed = page[0].replace(/\/Contents \d+ 0 R/, `/Contents ${size} 0 R`).trimStart();
  const stream = `${size} 0 obj\n<< /Length 4 >>\nstream\nq Q\n\nendstream\nendobj\n`;
  const body = `${changed}\n${stream}`;
  const at = pdf.length;
  const xref = at + body.length;
  const row = (offset: number) => `${String(offset).padStart(10, '0')} 00000 n \n`;
  return Buffer.concat([
    pdf,
    Buffer.from(
      `${body}xref\n${page[1]} 1\n${row(at)}${size} 1\n${row(at + changed.length + 1)}trailer\n<<${trailer?.[1]?.replace(/\/Size \d+/, `/Size ${size + 1}`)}\n/Prev ${trailer?.[2]}\n>>\nstartxref\n${xref}\n%%EOF\n`,
      'latin1',
    ),
  ]);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function readForm(request: IncomingMessage, body: Buffer) {
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': request.headers['content-type'] ?? '' },
  }).formData();
  const file = form.get('file');
  return {
    pdf: file instanceof File ? Buffer.from(await file.arrayBuffer()) : Buffer.alloc(0),
    who: String(form.get('nik')),
    passphrase: String(form.get('passphrase')),
  };
}

function readJson(body: Buffer) {
  const said = JSON.parse(body.toString()) as { nik?: string; email?: string; passphrase: string; file: string[] };
  return {
    pdf: Buffer.from(said.file[0] ?? '', 'base64'),
    who: said.nik ?? said.email ?? '',
    passphrase: said.passphrase,
  };
}

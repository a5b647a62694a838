// The front page, the list of services with its search, and a short help.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Env } from '#platform/modules.ts';
import { type Catalogue, getCatalogue } from '#src/catalogue/actions.ts';
import { buildIndex, type ServiceIndex, searchServices } from '#src/catalogue/search.ts';
import type { Service } from '#src/catalogue/service.ts';
import { details, emptyState, heroText, linkButton, section } from '#ui/components.ts';
import { searchBox } from '#ui/fields.ts';
import { formatCount } from '#ui/format.ts';
import type { Content } from '#ui/html.ts';
import { type Card, cards } from '#ui/lists.ts';
import { render, type Web } from '../../pages/site.ts';
import { DOORS } from '../../text.ts';
import { OFTEN, SITUATIONS } from '../situations.ts';
import { keep } from './kept.ts';
import { serviceRoutes } from './service.ts';

export function findRoutes(app: Hono<Env>): void {
  app.get('/', home);
  app.get('/layanan', list);
  app.get('/bantuan', help);
  serviceRoutes(app);
}

/** Names every version on offer: what public pages depend on. */
export const editionOf = (catalogue: Catalogue): string =>
  catalogue.services.map(({ service, version }) => `${service.id}@${version}`).join();

let searchable: { edition: string; index: ServiceIndex } | undefined;

function indexOf(catalogue: Catalogue): ServiceIndex {
  const edition = editionOf(catalogue);
  if (searchable?.edition !== edition) {
    const names = Object.fromEntries(
      [...catalogue.agencies.values()].map((agency) => [agency.id, `${agency.name} ${agency.short}`]),
    );
    searchable = {
      edition,
      index: buildIndex(
        catalogue.services.map(({ service }) => service),
        names,
      ),
    };
  }
  return searchable.index;
}

const cardOf = (catalogue: Catalogue, service: Service): Card => ({
  href: `/layanan/${service.id}`,
  title: service.name,
  text: service.summary,
  meta: catalogue.agencies.get(service.agency)?.short ?? service.agency,
});

async function home(c: Web): Promise<Response> {
  const ctx = c.get('ctx');
  const catalogue = await getCatalogue(ctx);
  return keep(c, `home ${editionOf(catalogue)}`, () => {
    const offered = (ids: string[]) => ids.flatMap((id) => catalogue.byId.get(id)?.service ?? []);
    return render(ctx, '/', {
      title: 'Layanan Kabupaten Blora',
      hero: heroText(
        'Mau mengurus apa hari ini?',
        'Cari layanannya, lihat syaratnya, lalu ajukan. Semua dari HP, tanpa calo.',
        searchBox({
          action: '/layanan',
          label: 'Tulis keperluan Anda',
          hint: 'Misalnya: akta lahir, KTP hilang, surat tidak mampu.',
        }),
      ),
      body: html`${section(
        'Menurut keadaan Anda',
        cards(
          SITUATIONS.filter((one) => offered(one.services).length > 0).map((one) => ({
            href: `/layanan?keadaan=${one.id}`,
            title: one.name,
            text: one.text,
          })),
          { grid: true },
        ),
      )}${section(
        'Yang sering dicari',
        html`<ul>${offered(OFTEN).map((service) => html`<li><a href="/layanan/${service.id}">${service.name}</a></li>`)}</ul><p><a href="/layanan">Lihat semua ${catalogue.services.length} layanan</a></p>`,
      )}${section(
        'Sudah mulai atau sudah mengirim?',
        cards(
          [
            { href: '/lanjut', title: 'Lanjutkan pengisian', text: 'Masukkan kode pengisian Anda, dari HP mana pun.' },
            { href: '/lacak', title: 'Lacak permohonan', text: 'Lihat sampai di mana, dan unduh hasilnya.' },
            { href: '/verifikasi', title: 'Periksa keaslian surat', text: 'Masukkan kode yang tertulis di surat.' },
          ],
          { grid: true },
        ),
      )}${section('Tiga pintu, satu pelayanan', html`<ul>${Object.values(DOORS).map((door) => html`<li><b>${door.name}.</b> ${door.text}</li>`)}</ul>`)}`,
    });
  });
}

async function list(c: Web): Promise<Response> {
  const ctx = c.get('ctx');
  const catalogue = await getCatalogue(ctx);
  const query = (c.req.query('q') ?? '').slice(0, 100).trim();
  const situation = SITUATIONS.find((one) => one.id === c.req.query('keadaan'));
  const key = query ? `q ${query}` : situation ? `keadaan ${situation.id}` : 'semua';
  return keep(c, `list ${key} ${editionOf(catalogue)}`, () => {
    const box = searchBox({ action: '/layanan', label: 'Tulis keperluan Anda', value: query, labelHidden: true });
    if (query)
      return render(ctx, '/layanan', {
        title: `Cari: ${query}`,
        body: html`<h1>Cari layanan</h1>${box}${found(catalogue, query)}`,
      });
    if (situation) {
      const services = situation.services.flatMap((id) => catalogue.byId.get(id)?.service ?? []);
      return render(ctx, '/layanan', {
        title: situation.name,
        back: { text: 'Semua layanan', href: '/layanan' },
        body: html`<h1>${situation.name}</h1>${cards(
          services.map((one) => cardOf(catalogue, one)),
          { level: 2 },
        )}`,
      });
    }
    return render(ctx, '/layanan', {
      title: 'Semua layanan',
      wide: true,
      body: html`<h1>Semua layanan</h1>${box}${byAgency(catalogue)}`,
    });
  });
}

function found(catalogue: Catalogue, query: string): Content {
  const services = searchServices(indexOf(catalogue), query)
    .slice(0, 15)
    .flatMap(({ id }) => catalogue.byId.get(id)?.service ?? []);
  if (services.length > 0)
    return html`<p>${formatCount(services.length, 'layanan')} untuk <b>${query}</b></p>${cards(
      services.map((one) => cardOf(catalogue, one)),
      { level: 2 },
    )}`;
  return html`${emptyState({ title: `Belum ketemu: “${query}”`, body: html`<p>Coba kata yang lebih pendek atau lebih umum, misalnya “akta”, “KK”, atau “surat usaha”.</p>`, action: linkButton('Lihat semua layanan', '/layanan', 'secondary') })}<h2>Atau mulai dari keadaan Anda</h2><ul>${SITUATIONS.map((one) => html`<li><a href="/layanan?keadaan=${one.id}">${one.name}</a></li>`)}</ul>`;
}

function byAgency(catalogue: Catalogue): Content {
  const groups = Map.groupBy(catalogue.services, ({ service }) => service.agency);
  const sorted = [...groups].sort((a, b) => b[1].length - a[1].length);
  const situations = html`<h2>Menurut keadaan Anda</h2><ul>${SITUATIONS.map((one) => html`<li><a href="/layanan?keadaan=${one.id}">${one.name}</a></li>`)}</ul>`;
  const agencies = sorted.map(
    ([id, versions]) =>
      html`<div><h2>${catalogue.agencies.get(id)?.name ?? id}</h2><ul>${versions.map(({ service }) => html`<li><a href="/layanan/${service.id}">${service.name}</a></li>`)}</ul></div>`,
  );
  return html`<div class="grid"><div>${situations}</div>${agencies}</div>`;
}

async function help(c: Web): Promise<Response> {
  const ctx = c.get('ctx');
  return keep(c, 'help', () =>
    render(ctx, '/bantuan', {
      title: 'Bantuan',
      back: '/',
      body: html`<h1>Bantuan</h1>${HELP.map(([title, text]) => details(title, html`<p>${text}</p>`))}<h2>Masih bingung?</h2><p>Datang ke kantor desa atau Mal Pelayanan Publik; petugas membantu mengisinya bersama Anda, gratis. Bila pelayanan kami mengecewakan, Anda boleh mengadu ke Ombudsman, telepon 137.</p>`,
    }),
  );
}

const HELP: [string, string][] = [
  [
    'Apakah saya perlu akun?',
    'Tidak. Cukup isi formulirnya. Setelah dikirim Anda mendapat nomor dan kode; simpan keduanya, karena itulah kuncinya.',
  ],
  [
    'Bagaimana kalau pengisian terputus?',
    'Jawaban tersimpan tiap kali Anda menekan Lanjutkan. Catat kode pengisian di bawah setiap halaman, lalu buka halaman Lanjutkan pengisian dari HP mana pun dalam 14 hari.',
  ],
  [
    'Saya tidak punya foto dokumennya',
    'Pilih “Tunjukkan aslinya nanti”. Bawa dokumen itu ke loket, atau tunjukkan saat petugas datang ke desa.',
  ],
  ['Saya kehilangan nomor atau kode', 'Datang ke loket dengan KTP. Petugas mencarikan permohonan Anda.'],
  [
    'Boleh dibantu orang lain?',
    'Boleh, misalnya oleh anak, tetangga, atau perangkat desa. Isilah data orang yang punya urusan, dan jangan berikan kode Anda kepada orang yang tidak Anda percaya.',
  ],
  [
    'Apakah ada biaya?',
    'Biaya setiap layanan tertulis di halamannya. Selain itu tidak ada. Jangan membayar kepada siapa pun di luar yang tertulis.',
  ],
  [
    'Bagaimana tahu surat itu asli?',
    'Buka halaman Verifikasi dan masukkan kode yang tertulis di surat, atau pindai kode QR-nya.',
  ],
];

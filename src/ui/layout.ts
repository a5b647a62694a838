// The whole document around a page: head, skip link, the roof on top, the floor below. Resident pages carry no script.
import { html, raw } from 'hono/html';
import { attributes, type Content, type Html, type Link } from './html.ts';
import { mark, roofline } from './mark.ts';
import { deskCss, stylesFor } from './style.ts';

export type Area = 'resident' | 'desk';

export type Page = {
  title: string;
  body: Content;
  area: Area;
  /** The path of this page: marks the open entry of the navigation. */
  path?: string;
  nav?: readonly Link[];
  /** True says that this is the demo world; a text says something else. */
  banner?: boolean | string;
  lang?: string;
  back?: Link | string;
  /** Lists, tables and pages with a side column. A reading column otherwise. */
  wide?: boolean;
  officer?: { name: string; role?: string };
  /** The front page: stands on the green under the roof, and must hold the h1. */
  hero?: Content;
  /** A form came back: the title says so first. */
  error?: boolean;
  /** More for the head (links to machine-readable versions). */
  head?: Content;
  /** Modules for officers' pages only. */
  scripts?: readonly string[];
  /** Words of the frame in another language; left out, Indonesian. */
  words?: Partial<FrameWords>;
};

const WORDS = {
  skip: 'Langsung ke isi',
  tagline: 'Layanan Publik Kabupaten Blora',
  demo: 'Ini dunia contoh. Data di sini bukan data sungguhan.',
  back: 'Kembali',
  menu: 'Menu utama',
  signOut: 'Keluar',
  error: 'Kesalahan',
  about:
    'Pendopo, ruang depan yang terbuka: satu pintu untuk layanan Pemerintah Kabupaten Blora. Mengurus layanan di sini tidak dipungut biaya selain yang tertulis di halaman layanan.',
  licence: 'Perangkat lunak terbuka, lisensi Apache-2.0.',
};
export type FrameWords = typeof WORDS;

const NAV: Record<Area, readonly Link[]> = {
  resident: [
    { text: 'Layanan', href: '/layanan' },
    { text: 'Lacak', href: '/lacak' },
    { text: 'Verifikasi', href: '/verifikasi' },
    { text: 'Akun', href: '/akun' },
  ],
  desk: [
    { text: 'Kotak masuk', href: '/kerja' },
    { text: 'Arsip', href: '/kerja/arsip' },
  ],
};

const FOOTER: readonly Link[] = [
  { text: 'Bantuan', href: '/bantuan' },
  { text: 'Data pribadi', href: '/privasi' },
  { text: 'Untuk petugas', href: '/kerja' },
  { text: 'Untuk pembuat aplikasi (API)', href: '/api' },
];

// A page that still waits for a piece of itself is not looked through: it carries every part.
const ALL = ' class="field sum facts"';

/** The entry whose address is the longest beginning of the path. */
function openEntry(nav: readonly Link[], path: string): Link | undefined {
  const holds = (l: Link) => path === l.href || path.startsWith(`${l.href}/`);
  return nav.filter(holds).sort((a, b) => b.href.length - a.href.length)[0];
}

export function page(p: Page): Html {
  const words = { ...WORDS, ...p.words };
  const nav = p.nav ?? NAV[p.area];
  const open = p.path === undefined ? undefined : openEntry(nav, p.path);
  const title = `${p.error ? `${words.error}: ` : ''}${p.title} – Pendopo Blora`;
  const back = typeof p.back === 'string' ? { text: words.back, href: p.back } : p.back;
  const entry = (l: Link) =>
    html`<li><a${attributes({ href: l.href, 'aria-current': l !== open ? undefined : l.href === p.path ? 'page' : 'true' })}>${l.text}</a></li>`;
  const demo = p.banner && html`<p class="demo">${p.banner === true ? words.demo : p.banner}</p>`;
  const body = html`${p.hero && html`<div class="hero eaves"><div class="in">${roofline()}${p.hero}</div></div>`}<div class="in">${
    back && html`<p class="back"><a href="${back.href}">${back.text}</a></p>`
  }${p.body}</div>`;
  const styles = p.area === 'desk' ? [deskCss] : stylesFor(body instanceof Promise ? ALL : String(body));
  return html`<!doctype html>
<html lang="${p.lang ?? 'id'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<meta name="theme-color" content="#103c29">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
${p.head}${styles.map((css) => html`<style>${raw(css)}</style>`)}
${p.area === 'desk' ? p.scripts?.map((src) => html`<script type="module" src="${src}"></script>`) : null}</head>
<body class="${p.wide || p.hero ? `${p.area} wide` : p.area}">
<a class="skip" href="#isi">${words.skip}</a>
<header class="${p.hero ? 'head' : 'head eaves'}">${demo}<div class="in"><a class="home" href="${p.area === 'desk' ? '/kerja' : '/'}">${mark()}<span><b>Pendopo</b> <span>${words.tagline}</span></span></a>${
    nav.length > 0 && html`<nav aria-label="${words.menu}"><ul>${nav.map(entry)}</ul></nav>`
  }${
    p.officer &&
    html`<form class="who" action="/keluar" method="post"><span><b>${p.officer.name}</b>${p.officer.role && html`<span>${p.officer.role}</span>`}</span><button type="submit">${words.signOut}</button></form>`
  }</div></header>
<main id="isi">${body}</main>
<footer class="foot"><div class="in">${p.area !== 'desk' && html`<p>${words.about}</p>`}<ul>${FOOTER.map((l) => html`<li><a href="${l.href}">${l.text}</a></li>`)}</ul><p>${words.licence}</p></div></footer>
</body>
</html>
`;
}

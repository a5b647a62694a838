// Finding a service by everyday words: forgiving of spelling, of dialect and of the words around the thing itself.
import MiniSearch from 'minisearch';
import type { Service } from './service.ts';

export type Found = { id: string; score: number };
export type ServiceIndex = MiniSearch<Searchable>;
type Searchable = { id: string; name: string; keywords: string; summary: string; agency: string; phrases: string[] };

// One word for all that mean it, Javanese and misheard ones too. Left is what the index keeps.
const SAME: Record<string, string> = {
  akta: 'akte',
  lahir: 'kelahiran lahiran bayi mbrojol babaran procot',
  mati: 'kematian meninggal wafat seda sedo ninggal jenazah',
  ktp: 'katepe ektp ktpel',
  kk: 'kakak kaka',
  hilang: 'ilang kehilangan tercecer',
  rusak: 'sobek patah',
  kawin: 'perkawinan nikah pernikahan menikah rabi mantu',
  cerai: 'perceraian pegatan pisahan',
  pindah: 'perpindahan kepindahan boyong boyongan pindahan',
  usaha: 'warung dagang dagangan toko jualan bisnis umkm',
  anak: 'putra putri',
  tanah: 'lemah sawah pekarangan',
  waris: 'warisan warisane ahliwaris',
  miskin: 'tidakmampu sktm',
  bangun: 'bangunan mbangun pembangunan imb pbg',
  keluarga: 'kluarga keluwarga',
  baru: 'pertama anyar',
};
const CANONICAL = new Map(
  Object.entries(SAME).flatMap(([word, others]) => others.split(' ').map((other) => [other, word] as const)),
);
// What people say around the thing they look for.
const STOP = new Set(
  'mau ingin pengen pingin cara bikin buat membuat mengurus urus ngurus minta syarat untuk dan atau yang di ke dari saya aku kulo badhe gawe nggawe surate baru-baru el e gimana bagaimana apa dapat bisa tolong layanan'.split(
    ' ',
  ),
);

const MAKING = /\b(?:bikin|buat|membuat|gawe|nggawe)\b/;

/** An index over the services as they stand; build it once for each published catalogue. */
export function buildIndex(services: readonly Service[], agencyNames: Record<string, string> = {}): ServiceIndex {
  const index: ServiceIndex = new MiniSearch<Searchable>({
    fields: ['name', 'keywords', 'summary', 'agency'],
    storeFields: ['phrases'],
    tokenize: words,
    // In a service's own keywords "bikin" means a new one; in a question it is only a way of speaking.
    processTerm: (word) => term(MAKING.test(word) ? 'baru' : word),
    searchOptions: {
      processTerm: term,
      boost: { name: 4, keywords: 3, agency: 0.5 },
      prefix: (word) => word.length >= 3,
      fuzzy: (word) => (word.length >= 4 ? 0.25 : false),
    },
  });
  index.addAll(
    services.map(({ id, name, keywords, summary, agency }) => ({
      id,
      name,
      keywords: keywords.join(' '),
      summary,
      agency: `${agency} ${agencyNames[agency] ?? ''}`,
      phrases: [name, ...keywords].map(phrase),
    })),
  );
  return index;
}

/** Services for these words, best first; none for words that say nothing. */
export function searchServices(index: ServiceIndex, query: string): Found[] {
  const text = query.slice(0, 200).toLowerCase();
  // All words first; when no service has them all, any of them: people add what they think we need to know.
  const together = index.search(text, { combineWith: 'AND' });
  const found = together.length > 0 ? together : index.search(text);
  const top = found[0]?.score ?? 0;
  // "Bikin KTP" says nothing about which service, except that someone has none yet: the one for new ones goes first.
  const anew = MAKING.test(text) ? index.search(text.replace(MAKING, 'baru'), { combineWith: 'AND' }) : [];
  const first = new Set(anew.map(({ id }) => id));
  const asked = phrase(text);
  return found
    .map(({ id, score, phrases }) => {
      // Exactly the name or the words under which the service says people look for it.
      const exact = (phrases as string[]).includes(asked);
      return { id: String(id), score: score + (first.has(id) ? top : 0) + (exact ? top : 0) };
    })
    .sort((a, b) => b.score - a.score);
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/\b(?:e-ktp|ktp-?el)\b/g, 'ktp')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** The words that say something, in one spelling each, so that two ways of saying the same compare equal. */
function phrase(text: string): string {
  return words(text)
    .map(term)
    .filter((word) => word !== null)
    .join(' ');
}

function term(word: string): string | null {
  const plain = word.normalize('NFD').replace(/\p{M}/gu, '');
  if (STOP.has(plain)) return null;
  return CANONICAL.get(plain) ?? plain;
}

// What an office may not ask for, as data with its legal basis. Only bans with a source are rules here: another office's
// custom (a village letter may need the RT's word) is not ours to forbid.
import type { Problem } from './schema.ts';
import type { Service } from './service.ts';

type Rule = { id: string; agencies: string[]; exceptServices?: RegExp; asks: RegExp; message: string; basis: string };

const PAPER = '(surat|pengantar|keterangan|persetujuan|rekomendasi|stempel|cap|tanda tangan)';

export const FORBIDDEN: Rule[] = [
  {
    id: 'neighbourhood-letter',
    agencies: ['dindukcapil'],
    // The first registration of a person, before there is a NIK, is the one case with a letter of domicile.
    exceptServices: /biodata/,
    asks: new RegExp(`${PAPER}[^.;]*\\b(rt|rw)\\b|\\b(ketua|pak) (rt|rw)\\b`, 'i'),
    message: 'Surat RT/RW tidak boleh diminta untuk layanan ini; hapus dari syarat.',
    basis: 'Perpres 96/2018',
  },
  {
    id: 'village-cover-letter',
    agencies: ['dindukcapil'],
    exceptServices: /biodata/,
    asks: /pengantar[^.;]*\b(desa|kelurahan|kades|lurah|kecamatan|camat)\b/i,
    message:
      'Surat pengantar desa, kelurahan, atau kecamatan tidak boleh diminta untuk layanan ini; hapus dari syarat.',
    basis: 'Perpres 96/2018',
  },
  {
    id: 'legalised-copy',
    agencies: ['dindukcapil'],
    asks: /legalisi?r|legalisasi|\bleges\b/i,
    message: 'Salinan yang dilegalisasi tidak boleh diminta; minta foto dokumen asli saja.',
    basis: 'daftar permintaan terlarang Dukcapil, perlu diverifikasi',
  },
];

const FREE_BY_LAW = ['dindukcapil'];
const FREE_BASIS = 'UU 24/2013 Pasal 79A';

/** Asks and fees that the law forbids for the agency of this service. */
export function forbiddenProblems(service: Service): Problem[] {
  const rules = FORBIDDEN.filter(
    (rule) => rule.agencies.includes(service.agency) && !rule.exceptServices?.test(service.id),
  );
  const asks = [...requirementTexts(service), ...componentTexts(service, 'requirements')];
  const problems = asks.flatMap(({ path, text }) =>
    rules
      .filter((rule) => rule.asks.test(withoutDenials(text)))
      .map(({ message, basis }) => ({ code: 'forbidden-requirement', path, message: `${message} Dasar: ${basis}.` })),
  );
  return FREE_BY_LAW.includes(service.agency) ? [...problems, ...feeProblems(service)] : problems;
}

function feeProblems(service: Service): Problem[] {
  const message = `Layanan ini gratis menurut undang-undang; hapus biayanya. Dasar: ${FREE_BASIS}.`;
  const fees = service.fees.flatMap((fee, i) => (fee.amount > 0 ? [{ path: `fees.${i}.amount` }] : []));
  const told = componentTexts(service, 'fee').filter(({ text }) => /rp\.?\s*[1-9]/i.test(text));
  // When fees are listed the component is told from them: one fault, one message.
  return (fees.length > 0 ? fees : told).map(({ path }) => ({ code: 'forbidden-fee', path, message }));
}

function requirementTexts(service: Service): { path: string; text: string }[] {
  return service.requirements.flatMap((requirement, i) =>
    requirement.options.map((option, j) => ({
      path: `requirements.${i}.options.${j}`,
      text: [option.name, option.detail].filter((part) => part !== undefined).join(' '),
    })),
  );
}

function componentTexts(service: Service, code: 'requirements' | 'fee'): { path: string; text: string }[] {
  // The component told from the requirements repeats them word for word; only one written by hand says more.
  if (code === 'requirements' && service.requirements.length > 0 && Array.isArray(service.standard.requirements?.text))
    return service.standard.requirements.text.length === service.requirements.length ? [] : texts(service, code);
  return texts(service, code);
}

function texts(service: Service, code: 'requirements' | 'fee') {
  const text = service.standard[code]?.text ?? [];
  return [text].flat().map((line) => ({ path: `standard.${code}.text`, text: line }));
}

/** "Tanpa surat pengantar RT/RW" tells people what they need not bring. */
function withoutDenials(text: string): string {
  return text.replace(/\b(tanpa|bukan|tidak (perlu|usah|boleh|memerlukan|wajib))\b[^.;]*/gi, '');
}

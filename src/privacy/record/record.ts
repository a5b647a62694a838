// The record of processing activities, made from what modules and services declare; never typed by hand. Pure.
import type { Processing } from '#platform/processing.ts';
import type { Agency, Field, Service } from '#src/catalogue/service.ts';

/** One activity. `source`: the module's or the service's declaration. */
export type Activity = {
  id: string;
  source: 'modul' | 'layanan';
  name: string;
  controller: string;
  purpose: string;
  legalBasis: string;
  verified: boolean;
  subjects: string[];
  data: string[];
  specific: string[];
  recipients: string[];
  retention: string;
  safeguards: string[];
};

/** What a field's format says about a person; a format that is not here is said to hold nothing personal by itself. */
const PERSONAL: Record<NonNullable<Field['format']>, string | undefined> = {
  name: 'Nama',
  nik: 'NIK',
  kk: 'Nomor KK',
  phone: 'Nomor HP',
  email: 'Alamat email',
  date: 'Tanggal',
  village: 'Desa tempat tinggal',
  text: 'Uraian bebas',
  money: 'Nilai uang',
};

/** Words in a field's title that make a plain text personal too. */
const TELLING = /alamat|pekerjaan|tempat lahir|agama|jenis kelamin|penghasilan|penyakit|diagnosa|kondisi/i;

/** The kinds of personal data that a field asks for. */
export const kindOfField = (field: Pick<Field, 'format' | 'title'>): string | undefined =>
  (field.format && PERSONAL[field.format]) ?? (TELLING.test(field.title) ? field.title : undefined);

export const SPECIFIC_WORDS: Record<string, string> = {
  health: 'Data kesehatan',
  child: 'Data anak',
  finance: 'Data keuangan pribadi',
  disability: 'Data penyandang disabilitas',
};

/** A service's own activity: what its form and papers ask, on which basis, for how long. */
export function activityOf(service: Service, agency: Pick<Agency, 'name'> | undefined): Activity {
  const data = new Set<string>();
  let others = false;
  for (const step of service.form) {
    if (step.repeat) others = true;
    for (const field of Object.values(step.properties)) {
      const kind = kindOfField(field);
      if (kind) data.add(kind);
    }
  }
  const papers = service.requirements
    .filter((one) => one.evidence === 'upload')
    .map((one) => one.options[0]?.name ?? one.id);
  const asked = Object.values(service.workflow.states).flatMap(
    (state) => state.opinions?.ask.map((one) => one.agency) ?? [],
  );
  const { text } = service.standard.legalBasis;
  return {
    id: service.id,
    source: 'layanan',
    name: service.name,
    controller: agency?.name ?? service.agency,
    purpose: service.summary,
    legalBasis: [text].flat().join('; '),
    verified: service.standard.legalBasis.provenance === 'sourced' && service.retention.provenance === 'sourced',
    subjects: ['Pemohon', ...(others ? ['Orang yang disebut dalam permohonan'] : [])],
    data: [...data, ...(papers.length > 0 ? [`Unggahan: ${papers.join(', ')}`] : [])],
    specific: (service.specificData ?? []).map((one) => SPECIFIC_WORDS[one] ?? one),
    recipients: [...new Set(asked)],
    retention: `Berkas ${service.retention.files} bulan, isian ${service.retention.answers} bulan sesudah selesai`,
    safeguards: ['Disandikan dengan kunci permohonan'],
  };
}

/** The whole record: activities of the program, then of each service. */
export function recordOf(
  declared: readonly Processing[],
  services: readonly Service[],
  agencies: ReadonlyMap<string, Pick<Agency, 'name'>>,
): Activity[] {
  const own = declared.map(
    (one): Activity => ({
      id: one.id,
      source: 'modul',
      name: one.name,
      controller: 'Pemerintah Kabupaten Blora',
      purpose: one.purpose,
      legalBasis: one.legalBasis,
      verified: one.provenance === 'sourced',
      subjects: [...one.subjects],
      data: [...one.data],
      specific: [...(one.specific ?? [])],
      recipients: [...one.recipients],
      retention: one.retention,
      safeguards: [...one.safeguards],
    }),
  );
  return [...own, ...services.map((service) => activityOf(service, agencies.get(service.agency)))];
}

const COLUMNS: [string, (one: Activity) => string][] = [
  ['id', (one) => one.id],
  ['sumber', (one) => one.source],
  ['kegiatan', (one) => one.name],
  ['pengendali', (one) => one.controller],
  ['tujuan', (one) => one.purpose],
  ['dasar', (one) => one.legalBasis],
  ['keterangan', (one) => (one.verified ? 'bersumber' : 'perlu diverifikasi')],
  ['pemilik_data', (one) => one.subjects.join('; ')],
  ['data', (one) => one.data.join('; ')],
  ['data_spesifik', (one) => one.specific.join('; ')],
  ['penerima', (one) => one.recipients.join('; ')],
  ['masa_simpan', (one) => one.retention],
  ['pengamanan', (one) => one.safeguards.join('; ')],
];

/** RFC 4180, with a mark so that spreadsheets read UTF-8. */
export function recordCsv(record: readonly Activity[]): string {
  const cell = (text: string) => {
    // a cell that begins like a formula would be run by a spreadsheet
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const rows = [COLUMNS.map(([name]) => name), ...record.map((one) => COLUMNS.map(([, read]) => cell(read(one))))];
  return `\uFEFF${rows.map((row) => row.join(',')).join('\r\n')}\r\n`;
}

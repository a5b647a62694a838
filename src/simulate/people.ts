// Residents who do not exist, and how they fill in a form. Names say what they are; every NIK has a serial 9xxx.
import { type Answers, holds } from '#src/catalogue/condition.ts';
import type { Field, Service } from '#src/catalogue/service.ts';
import type { Random } from './random.ts';

type Person = { name: string; nik: string; kk: string; phone: string; birth: string; sex: 'L' | 'P' };

const SYLLABLES = ['ba', 'di', 'gu', 'ka', 'lo', 'mi', 'na', 'pu', 'ra', 'si'];
const DAY = 86_400_000;
const WORDS = ['Dusun Krajan, RT 02 RW 01', 'Dusun Simulasi, RT 01 RW 03', 'Dusun Contoh, RT 04 RW 02'];

/** Resident number `index`. Always the same one, so that the same person may come again with another application. */
export function personOf(index: number, village: string, today: string, ages: [number, number] = [17, 75]): Person {
  const mixed = mix(index);
  const sex = mixed & 1 ? 'P' : 'L';
  const years = ages[0] + 1 + ((mixed >>> 1) % Math.max(1, ages[1] - ages[0] - 1));
  const birth = new Date(Date.parse(`${today.slice(0, 4)}-01-01`) - years * 365.25 * DAY + ((mixed >>> 8) % 365) * DAY)
    .toISOString()
    .slice(0, 10);
  const [year = '', month = '', day = ''] = birth.split('-');
  const district = village.replaceAll('.', '').slice(0, 6);
  const serial = String(9000 + (index % 1000));
  return {
    name: `Warga Simulasi ${letters(index)}`,
    sex,
    birth,
    nik: `${district}${sex === 'P' ? Number(day) + 40 : day}${month}${year.slice(2)}${serial}`,
    kk: `${district}${day}${month}10${serial}`,
    phone: `08120000${String(index % 100_000).padStart(5, '0')}`,
  };
}

// a name may hold no digits (the form says so): the number is spelled in syllables, three at least
const letters = (index: number): string => {
  const text = [...String(index).padStart(3, '0')].map((digit) => SYLLABLES[Number(digit)]).join('');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

// spreads neighbouring numbers (the finaliser of murmur3)
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Answers as somebody of this village would give them: each visible question answered, optional ones mostly. */
export function answersOf(
  service: Service,
  who: { index: number; village: string; today: string },
  random: Random,
): Answers {
  const answers: Answers = {};
  let others = 0;
  for (const step of service.form) {
    if (!holds(step.when, answers, who.today)) continue;
    const optional = new Set(step.optional);
    const fill = (target: Answers, person: Person) => {
      for (const [id, field] of Object.entries(step.properties)) {
        if (!holds(field.when, target === answers ? answers : { ...answers, ...target }, who.today)) continue;
        if (optional.has(id) && !random.chance(0.7)) continue;
        target[id] = answerTo(field, person, who, random);
      }
    };
    if (step.repeat) {
      const most = Math.min(step.repeat.max, step.repeat.min + 2);
      const items: Answers[] = [];
      for (let count = step.repeat.min + random.int(most - step.repeat.min + 1); items.length < count; ) {
        const item: Answers = {};
        fill(item, personOf(who.index + 7_000_003 * ++others, who.village, who.today));
        items.push(item);
      }
      answers[step.id] = items;
    } else {
      const applicant = service.applicant.name in step.properties || (service.applicant.nik ?? '') in step.properties;
      fill(answers, personOf(applicant ? who.index : who.index + 7_000_003 * ++others, who.village, who.today));
    }
  }
  return answers;
}

function answerTo(field: Field, person: Person, who: { village: string; today: string }, random: Random): unknown {
  if (field.oneOf) return random.pick(field.oneOf).const;
  if (field.type === 'boolean') return random.chance(0.7);
  if (field.type === 'integer' || field.type === 'number') return numberOf(field, random);
  switch (field.format) {
    case 'nik':
      return person.nik;
    case 'kk':
      return person.kk;
    case 'name':
      return person.name;
    case 'phone':
      return person.phone;
    case 'email':
      return `warga.${person.nik.slice(-4)}@simulasi.example`;
    case 'village':
      return who.village;
    case 'date':
      return dateOf(field, person, who.today, random);
    case 'money':
    case 'text':
    case undefined:
      return textOf(field, random);
  }
}

function numberOf(field: Field, random: Random): number {
  const least = field.minimum ?? 1;
  return least + random.int(Math.min((field.maximum ?? least + 9) - least, 9) + 1);
}

function dateOf(field: Field, person: Person, today: string, random: Random): string {
  if (field.period === 'future') return shifted(today, 7 + random.int(60));
  // a date of birth fits the NIK where the person is an adult; other past dates lie within the last two months
  return /lahir/i.test(field.title) && random.chance(0.8) ? person.birth : shifted(today, -1 - random.int(60));
}

const shifted = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);

function textOf(field: Field, random: Random): string {
  if (field.pattern) return matching(field.pattern, random);
  const text = random.pick(WORDS);
  const padded = text.length < (field.minLength ?? 1) ? text.padEnd(field.minLength ?? 1, ' contoh') : text;
  return padded.slice(0, field.maxLength ?? 200).trim();
}

/**
 * A text that fits a pattern made of literals, classes like [0-9A-Z] or \d, and counts {n}; enough for codes on forms.
 */
function matching(pattern: string, random: Random): string {
  let text = '';
  for (const [, set, literal, low] of pattern
    .replaceAll(/^\^|\$$/g, '')
    .matchAll(/(?:\[([^\]]+)\]|(\\?.))(?:\{(\d+)(?:,\d*)?\}|[+?*])?/g)) {
    const choices =
      literal === '\\d' ? '0123456789' : set === undefined ? (literal ?? '').replace('\\', '') : spelled(set);
    for (let i = 0; i < Number(low ?? 1); i++) text += choices[random.int(choices.length)];
  }
  return text;
}

function spelled(set: string): string {
  return set
    .replaceAll('\\d', '0-9')
    .replaceAll(/(.)-(.)/g, (_, from: string, to: string) =>
      Array.from({ length: to.charCodeAt(0) - from.charCodeAt(0) + 1 }, (_, i) =>
        String.fromCharCode(from.charCodeAt(0) + i),
      ).join(''),
    );
}

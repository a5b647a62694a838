// Fills a database with a realistic, deterministic history, marked as simulated. Decided by the same core as real cases
// and written with the same events and hashes, only in bulk. Without uploads and issued PDFs: there is nobody who made
// them.
import type pg from 'pg';
import { isWorkingDay, localDate } from '#platform/calendar.ts';
import { type Command, UsageError } from '#platform/command.ts';
import type { World } from '#platform/context.ts';
import { newDataKey, seal, sealJson } from '#platform/crypto.ts';
import { newNumber } from '#platform/ids.ts';
import type { OpenWorld } from '#platform/world.ts';
import { statusOf } from '#src/applications/application.ts';
import { nikIndex } from '#src/applications/content/actions.ts';
import { ownVillages } from './areas/actions.ts';
import { getCatalogue } from './catalogue/actions.ts';
import type { Answers } from './catalogue/condition.ts';
import { validateAnswers } from './catalogue/form.ts';
import { seed } from './seed.ts';
import { type Arrival, arrivals, type Offer } from './simulate/arrivals.ts';
import { type Life, live, type Scene } from './simulate/course.ts';
import { createOfficers } from './simulate/officers.ts';
import type { Outage } from './simulate/pace.ts';
import { answersOf } from './simulate/people.ts';
import { createRandom, type Random } from './simulate/random.ts';
import {
  analyze,
  copyRow,
  createLoad,
  findSetting,
  type Load,
  prepareMonths,
  saveOfficers,
  saveRegisters,
  saveSetting,
  startingPoint,
} from './simulate/store.ts';

/** `until`: the end of the history, now unless given; the same seed and `until` give the same history. */
export type SimulateOptions = {
  applications: number;
  months: number;
  seed: string;
  until?: Date;
  tell?(line: string): void;
};
export type Simulated = { applications: number; events: number; seconds: number };

const AT_ONCE = 20; // cases between two looks at the network
const TELL_MS = 3000;
const DAY = 86_400_000;

/** Writes a history into the world's database. Throws when one of the same seed is there already. */
export async function simulate(
  { world, url }: Pick<OpenWorld, 'world' | 'url'>,
  options: SimulateOptions,
): Promise<Simulated> {
  const began = performance.now();
  const tell = options.tell ?? (() => undefined);
  const until = options.until ?? world.clock();
  const before = await findSetting(world.pool);
  if (before?.seeds.includes(options.seed))
    throw new Error(`a simulated history of seed ${options.seed} is already there; choose another --seed`);
  if ((await getCatalogue(world)).services.length === 0) await seed(world);
  await prepareMonths(url, until, options.months);

  const client = await world.pool.connect();
  try {
    await client.query('BEGIN');
    const events = await write(world, client, { ...options, until, tell });
    await saveSetting(client, {
      applications: (before?.applications ?? 0) + options.applications,
      seed: options.seed,
      months: options.months,
      at: world.clock().toISOString(),
      seeds: [...(before?.seeds ?? []), options.seed],
    });
    tell('writing it for good …');
    await client.query('COMMIT');
    client.release();
    await analyze(url);
    return { applications: options.applications, events, seconds: Math.round((performance.now() - began) / 100) / 10 };
  } catch (error) {
    client.release(true); // closing the connection undoes all of it
    throw error;
  }
}

async function write(world: World, client: pg.PoolClient, options: Required<SimulateOptions>): Promise<number> {
  const { applications, months, until, tell } = options;
  const { calendar } = world;
  const random = createRandom(options.seed);
  const from = new Date(until);
  from.setUTCMonth(from.getUTCMonth() - months);
  const today = localDate(calendar, until);
  const offers = fillable(
    (await getCatalogue(world)).services,
    [...(await ownVillages(world)).keys()][0] ?? '',
    today,
    random,
    tell,
  );
  const scene: Scene = {
    calendar,
    random,
    officers: createOfficers(),
    until: until.getTime(),
    outages: outagesIn(world, from, until, random),
  };
  const { numbers, registers } = await startingPoint(client);
  const load = createLoad(client);
  const log = new DaySorter(load);
  const villages = [...(await ownVillages(world)).keys()];
  let written = 0;
  let told = performance.now();

  for (const { date, arrivals: list } of arrivals({ applications, from, until, calendar, offers, villages, random })) {
    for (const arrival of list) {
      // most people come once, some again: a new person in seven of ten
      const person = random.int(Math.max(1, Math.ceil(applications * 0.7)));
      const answers = answersOf(
        arrival.offer.service,
        { index: person, village: arrival.village, today: date },
        random,
      );
      const life = live(scene, arrival, answers);
      let number = newNumber(date, random.code());
      while (numbers.has(number)) number = newNumber(date, random.code());
      numbers.add(number);
      const key = `${arrival.offer.service.id}/${date.slice(0, 4)}`;
      registers.set(key, (registers.get(key) ?? 0) + 1);
      addCase(world, load, life, {
        arrival,
        answers,
        number,
        registerNo: registers.get(key) ?? 0,
        registerYear: Number(date.slice(0, 4)),
      });
      log.add(life);
      if (++written % AT_ONCE === 0) await load.keepUp();
      if (performance.now() - told > TELL_MS) {
        told = performance.now();
        tell(`${written} of ${applications} applications, ${log.count} events, ${date}`);
      }
    }
    log.sendUntil(Date.parse(`${date}T00:00:00Z`) + DAY - calendar.offsetMinutes * 60_000);
  }
  log.sendUntil(Number.POSITIVE_INFINITY);
  await load.finish();
  await saveRegisters(client, registers);
  await saveOfficers(client, scene.officers.all());
  return log.count;
}

type Written = { arrival: Arrival; answers: Answers; number: string; registerNo: number; registerYear: number };

function addCase(
  world: World,
  load: Load,
  life: Life,
  { arrival, answers, number, registerNo, registerYear }: Written,
): void {
  const { service } = arrival.offer;
  const { after } = life;
  const { plain, wrapped } = newDataKey(world.keys);
  const nik = service.applicant.nik && answers[service.applicant.nik];
  load.add(
    'applications',
    copyRow([
      after.id,
      number,
      after.service,
      after.version,
      after.agency,
      after.village,
      after.channel,
      after.state,
      statusOf(service, after),
      after.seq,
      life.events.at(-1)?.hash ?? null,
      JSON.stringify(after),
      after.submittedAt,
      after.dueAt,
      after.endedAt ?? null,
      registerNo,
      registerYear,
      typeof nik === 'string' ? nikIndex(world, nik) : null,
      seal(plain, String(answers[service.applicant.name] ?? '')),
      sealJson(plain, answers),
      wrapped,
      true,
    ]),
  );
  for (const task of life.tasks) {
    load.add(
      'tasks',
      copyRow([
        task.id,
        after.id,
        task.kind,
        task.agency,
        task.role,
        task.area,
        after.service,
        task.state,
        task.opinion ?? null,
        iso(task.openedAt),
        iso(task.dueAt),
        iso(task.lateAt),
        task.takenBy,
        iso(task.closedAt),
        task.closedBy,
      ]),
    );
  }
  for (const note of life.notes) load.add('notes', copyRow([note.id, after.id, seal(plain, note.text)]));
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** Holds the events of cases that live on until their day is over, so that the log is written in order of time. */
class DaySorter {
  count = 0;
  private days = new Map<number, { at: number; row: string }[]>();
  private load: Load;

  constructor(load: Load) {
    this.load = load;
  }

  add({ events }: Life): void {
    for (const event of events) {
      const at = Date.parse(event.at);
      const day = Math.floor(at / DAY);
      const list = this.days.get(day);
      const row = copyRow([
        event.id,
        event.at,
        event.recordedAt,
        event.type,
        event.subject,
        event.seq,
        event.actor,
        event.agency,
        event.village,
        event.channel,
        event.commandId,
        JSON.stringify(event.data),
        event.prev,
        event.hash,
      ]);
      if (list) list.push({ at, row });
      else this.days.set(day, [{ at, row }]);
    }
    this.count += events.length;
  }

  /** Sends the days that are wholly before this instant. */
  sendUntil(instant: number): void {
    for (const day of [...this.days.keys()].sort((a, b) => a - b)) {
      if ((day + 1) * DAY > instant) return;
      const list = (this.days.get(day) ?? []).sort((a, b) => a.at - b.at);
      for (const { row } of list) this.load.add('events', row);
      this.days.delete(day);
    }
  }
}

/** The services whose forms the simulated residents can fill in; one that they cannot is left out, and said. */
function fillable(
  offers: Offer[],
  village: string,
  today: string,
  random: Random,
  tell: (line: string) => void,
): Offer[] {
  const able = offers.filter(({ service }) => {
    for (let i = 0; i < 40; i++) {
      const [issue] = validateAnswers(service, answersOf(service, { index: i, village, today }, random), today).issues;
      if (!issue) continue;
      tell(`${service.id} is left out: nobody simulated can answer ${issue.path} (${issue.message})`);
      return false;
    }
    return true;
  });
  if (able.length === 0) throw new Error('no published service can be filled in');
  return able;
}

/** Now and then the national population register stops for one or two working days (documented for Blora). */
function outagesIn({ calendar }: World, from: Date, until: Date, random: Random): Outage[] {
  const outages: Outage[] = [];
  for (let day = from.getTime(); day < until.getTime(); day += DAY) {
    if (!isWorkingDay(calendar, localDate(calendar, new Date(day))) || !random.chance(1 / 45)) continue;
    outages.push({ agency: 'dindukcapil', from: day, to: day + (1 + random.int(2)) * DAY });
    day += 7 * DAY;
  }
  return outages;
}

export const simulateCommand = (inWorld: <T>(work: (open: OpenWorld) => Promise<T>) => Promise<T>): Command => ({
  name: 'simulate',
  usage: 'simulate --applications N [--months M] [--seed S] [--until YYYY-MM-DD] [--yes]',
  summary: 'fill in a simulated history',
  run: async ({ flags }) => {
    const applications = whole(flags.applications, 'applications', 1, 20_000_000);
    const months = whole(flags.months ?? '12', 'months', 1, 120);
    const until = typeof flags.until === 'string' ? new Date(`${flags.until}T15:00:00+07:00`) : undefined;
    if (until && Number.isNaN(until.getTime())) throw new UsageError('--until must be a date, YYYY-MM-DD');
    return inWorld(async (open) => {
      if (open.world.config.mode === 'production' && !flags.yes) {
        const text =
          'This is a production installation: simulated cases would stand among real ones, in the same log, for good. ' +
          'Use a database of its own; or, if this one holds nothing real, repeat the command with --yes=1.';
        process.stderr.write(`${text}\n`);
        return { ok: false, json: { refused: text }, text: '' };
      }
      const done = await simulate(open, {
        applications,
        months,
        seed: String(flags.seed ?? '1'),
        ...(until && { until }),
        tell: (line) => process.stderr.write(`${line}\n`),
      });
      return {
        ok: true,
        json: done,
        text: `${done.applications} applications, ${done.events} events in ${done.seconds} s`,
      };
    });
  },
});

function whole(value: string | true | undefined, name: string, least: number, most: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < least || number > most)
    throw new UsageError(`--${name} must be a whole number from ${least} to ${most}`);
  return number;
}

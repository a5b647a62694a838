// Writes that wait at the same moment travel in one statement and share one commit; alone they go at once.

/** A second flight leaves when the first has been away this long: it may be waiting for a row that somebody else holds. */
const PATIENCE_MS = 50;
const MOST_FLIGHTS = 4;

/**
 * Turns `run` (many items, one result each, all or nothing) into a function of one item. While a run is under way new items
 * wait and go together, at most `size`. When a run of several fails, each is tried by itself, so that one bad item harms
 * nobody else. Items with the same `key` never share a run.
 */
export function batched<Item, Result>(
  run: (items: Item[]) => Promise<Result[]>,
  options: { size: number; key(item: Item): string },
): (item: Item) => Promise<Result> {
  type Waiting = { item: Item; resolve(result: Result): void; reject(error: unknown): void };
  let waiting: Waiting[] = [];
  let flying = 0;
  let young: object | undefined;
  let scheduled = false;

  async function fly(group: Waiting[]): Promise<void> {
    try {
      const results = await run(group.map((one) => one.item));
      group.forEach((one, index) => void one.resolve(results[index] as Result));
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error);
      else for (const one of group) await run([one.item]).then(([result]) => one.resolve(result as Result), one.reject);
    }
  }

  function depart(): void {
    scheduled = false;
    while (waiting.length > 0 && !young && flying < MOST_FLIGHTS) {
      const keys = new Set<string>();
      const group: Waiting[] = [];
      waiting = waiting.filter((one) => {
        const key = options.key(one.item);
        if (group.length >= options.size || keys.has(key)) return true;
        keys.add(key);
        group.push(one);
        return false;
      });
      const flight = {};
      young = flight;
      flying += 1;
      const grown = () => {
        if (young === flight) young = undefined;
        depart();
      };
      const patience = setTimeout(grown, PATIENCE_MS);
      void fly(group).finally(() => {
        clearTimeout(patience);
        flying -= 1;
        grown();
      });
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!scheduled) {
        scheduled = true;
        setImmediate(depart);
      }
    });
}

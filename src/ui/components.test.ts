// The look, proved: nothing escapes unescaped, the HTML is valid, axe finds nothing, colours contrast, and it is small.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { HtmlValidate } from 'html-validate';
import * as c from './components.ts';
import * as f from './fields.ts';
import { doneSample, gallery, questionSample, samples } from './gallery.ts';
import { type Content, fieldId } from './html.ts';
import { page } from './layout.ts';
import * as l from './lists.ts';
import { favicon } from './mark.ts';
import { deskCss, minifyCss, residentCss, styleHashes, stylesFor } from './style.ts';

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:a11y'],
  rules: {
    'no-trailing-whitespace': 'off',
    'long-title': 'off',
    'doctype-style': 'off',
    // Ticks of one question share its name; the server reads them as a list.
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'submit'] }],
  },
});

const alone = (name: string, body: Content) =>
  page({ title: name, path: '/pola', area: 'resident', body: [c.lead('Contoh'), body] });

async function problemsOf(markup: string): Promise<string[]> {
  const report = await validator.validateString(markup);
  return report.results.flatMap((r) => r.messages.map((m) => `${m.ruleId} ${m.line}:${m.column} ${m.message}`));
}

describe('escaping', () => {
  const evil = `<script>alert("x")</script>' onfocus='y`;
  const harmless = (markup: Content) => {
    const text = String(markup);
    assert.ok(!text.includes('<script'), text);
    assert.ok(!/["'] onfocus='/.test(text), text);
    assert.ok(!text.includes(`"${evil}`), text);
  };
  test('a name that is a script is printed as the name it is', () => {
    harmless(l.summaryList([{ key: evil, value: evil, change: evil }]));
    harmless(l.timeline([{ state: 'current', title: evil, time: evil, body: evil }]));
    harmless(l.table({ caption: evil, columns: [{ text: evil }], rows: [[evil]] }));
    harmless(l.cards([{ href: evil, title: evil, text: evil, meta: evil }]));
    harmless(c.panel({ title: evil, number: evil, body: evil }));
    harmless(c.confirmDialog({ id: 'a', trigger: evil, title: evil, body: evil }));
    harmless(c.tag(evil));
  });
  test('quotes in what people typed stay inside the attribute', () => {
    harmless(f.textField({ name: 'nama', label: evil, hint: evil, error: evil, value: evil, prefix: evil }));
    harmless(f.textArea({ name: 'a', label: evil, value: evil }));
    harmless(f.radios({ name: 'a', label: evil, options: [{ value: evil, text: evil, hint: evil }], value: evil }));
    harmless(f.selectField({ name: 'a', label: evil, options: [{ value: evil, text: evil }], value: evil }));
    harmless(f.dateField({ name: 'a', label: evil, value: { d: evil, m: evil, y: evil } }));
    harmless(f.searchBox({ action: evil, label: evil, value: evil, hidden: { [`a`]: evil } }));
    harmless(f.errorSummary([{ path: evil, message: evil }]));
    assert.match(String(f.textField({ name: 'a', label: 'A', value: `O'"Neil` })), /value="O&#39;&quot;Neil"/);
  });
  test('the title and the officer of a page are escaped too', () => {
    const text = String(
      page({
        title: evil,
        area: 'desk',
        path: '/',
        body: '',
        officer: { name: evil, role: evil },
        back: evil,
        banner: evil,
      }),
    );
    assert.ok(!text.includes('<script>alert'));
  });
  test('a field name with any sign becomes an id that a link can point to', () => {
    assert.equal(fieldId('anak.nama'), 'anak-nama');
    assert.equal(fieldId('/answers/1/nik'), 'answers-1-nik');
    assert.equal(fieldId('1"><b'), 'f-1-b');
  });
});

describe('behaviour without script', () => {
  test('every line of the error summary leads to a control on the page', () => {
    const text = String(questionSample('/pola'));
    for (const [, id] of text.matchAll(/class="errs"[\s\S]*?href="#([^"]+)"/g)) {
      assert.match(text, new RegExp(`<(input|select|textarea)[^>]* id="${id}"`));
    }
  });
  test('what was typed comes back, also a line break at the start', () => {
    assert.ok(String(f.textArea({ name: 'a', label: 'A', value: '\nsatu' })).includes('>\n\nsatu</textarea>'));
    assert.match(
      String(f.dateField({ name: 'a', label: 'A', value: { d: '31', m: '02', y: 'x' } })),
      /value="2" selected/,
    );
  });
  test('a code is copied as it is, without the gaps that are drawn', () => {
    const text = String(c.codeBig('XY-261123-7K4M')).replace(/<[^>]+>/g, '');
    assert.equal(text, 'XY-261123-7K4M');
  });
  test('residents and officers get no inline style, residents no script', () => {
    for (const text of [String(gallery('/pola')), String(questionSample('/pola')), String(doneSample('/pola'))]) {
      assert.ok(!/ style=/.test(text) && !/<script/.test(text) && !/ on\w+="/.test(text));
    }
  });
  test('an open entry of the navigation says so, on its page and below it', () => {
    const at = (path: string) => String(page({ title: 'x', area: 'resident', path, body: '' }));
    assert.match(at('/layanan'), /href="\/layanan" aria-current="page"/);
    assert.match(at('/layanan/x'), /href="\/layanan" aria-current="true"/);
    assert.ok(!at('/').includes('aria-current="'));
  });
});

describe('valid HTML', () => {
  for (const [name, sample] of Object.entries(samples)) {
    test(`${name} in a page`, async () => assert.deepEqual(await problemsOf(String(alone(name, sample()))), []));
  }
  for (const [name, whole] of Object.entries({ gallery, questionSample, doneSample })) {
    test(`the page ${name}`, async () => assert.deepEqual(await problemsOf(String(whole('/pola'))), []));
  }
  test('the page of an officer', async () => assert.deepEqual(await problemsOf(String(gallery('/kerja', 'desk'))), []));
});

describe('size', () => {
  const sizes = (css: string) => ({ raw: css.length, gzip: gzipSync(css, { level: 9 }).length });
  const styleOf = (markup: unknown) =>
    [...String(markup).matchAll(/<style>([^<]*)<\/style>/g)].map((m) => m[1]).join('');
  test('the style that a question page carries is at most 9 kB, 3 kB compressed', () => {
    const { raw, gzip } = sizes(styleOf(questionSample('/pola')));
    assert.ok(raw <= 9000 && gzip <= 3000, `${raw} raw, ${gzip} gzip`);
  });
  test('the style of the last page, with its timeline, also', () => {
    const { raw, gzip } = sizes(styleOf(doneSample('/pola')));
    assert.ok(raw <= 9000 && gzip <= 3000, `${raw} raw, ${gzip} gzip`);
  });
  test('all parts together stay under 14 kB, 4.2 kB compressed, and an officer carries at most 7 kB', () => {
    const all = sizes(residentCss);
    assert.ok(all.raw <= 14_000 && all.gzip <= 4200, `${all.raw} raw, ${all.gzip} gzip`);
    assert.ok(sizes(deskCss).gzip <= 7000);
  });
  test('even the page of everything fits in the first round trip', () => {
    assert.ok(gzipSync(String(gallery('/pola'))).length <= 14_000);
  });
});

describe('style', () => {
  test('every inline style is named in the policy by its hash', async () => {
    const { createHash } = await import('node:crypto');
    for (const whole of [gallery('/pola'), questionSample('/pola'), gallery('/kerja', 'desk')]) {
      for (const [, css] of String(whole).matchAll(/<style>([^<]*)<\/style>/g)) {
        assert.ok(styleHashes.includes(createHash('sha256').update(css!).digest('base64')));
      }
    }
  });
  test('a page carries only the parts it uses', () => {
    assert.equal(stylesFor('<p class="lead">').length, 1);
    assert.equal(stylesFor('<div class="field bad">').length, 2);
    assert.equal(stylesFor('<dl class="sum">').length, 2);
    assert.equal(stylesFor('<section class="scroll">').length, 2);
    assert.equal(stylesFor('<input type="hidden" name="a">').length, 1);
    assert.equal(stylesFor('<input name="a"><table>').length, 3);
  });
  test('every class that a component writes has its style, save those that only name', () => {
    const used = new Set(
      [...String(gallery('/kerja', 'desk')).matchAll(/ class="([^"]*)"/g)].flatMap((m) => m[1]!.split(' ')),
    );
    const known = new Set([...deskCss.matchAll(/\.([a-z][\w-]*)/g)].map((m) => m[1]!));
    const names = ['info', 'affix', 'picks', 'kept', 'resident', 'quiet'];
    assert.deepEqual(
      [...used].filter((u) => !known.has(u) && !names.includes(u)),
      [],
    );
  });
  test('the minifier keeps what it must', () => {
    assert.equal(
      minifyCss('a b > c { color : red; } /* x */\n@media (a: b) { d::after { content: "x ;  } y" } }'),
      'a b>c{color :red}@media (a:b){d::after{content:"x ;  } y"}}',
    );
    assert.ok(residentCss.includes('clamp(1.85rem,1.4rem + 2vw,2.6rem)'));
  });
  test('the mark is one small picture', () => assert.ok(favicon.length < 500));
});

describe('contrast', () => {
  const tokens = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
  const [light, dark] = tokens
    .split('@media')
    .map((part) => Object.fromEntries([...part.matchAll(/--([\w-]+):(#\w+)/g)].map((m) => [m[1]!, m[2]!])));
  const luminance = (hex: string) => {
    const [r, g, b] = [1, 3, 5]
      .map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255)
      .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const ratio = (a: string, b: string) => {
    const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (hi! + 0.05) / (lo! + 0.05);
  };
  const TEXT = [
    ['ink', 'paper'],
    ['ink', 'card'],
    ['ink', 'sunk'],
    ['soft', 'paper'],
    ['soft', 'card'],
    ['soft', 'sunk'],
    ['soft', 'leaf-t'],
    ['soft', 'teak-t'],
    ['soft', 'gold-t'],
    ['leaf', 'paper'],
    ['leaf', 'card'],
    ['leaf', 'sunk'],
    ['leaf', 'leaf-t'],
    ['leaf', 'teak-t'],
    ['leaf', 'gold-t'],
    ['leaf', 'red-t'],
    ['on', 'leaf'],
    ['on', 'press'],
    ['on', 'red'],
    ['red', 'paper'],
    ['red', 'card'],
    ['red', 'red-t'],
    ['red', 'leaf-t'],
    ['teak', 'paper'],
    ['teak', 'card'],
    ['teak', 'teak-t'],
    ['teak', 'leaf-t'],
    ['ink', 'leaf-t'],
    ['ink', 'teak-t'],
    ['ink', 'gold-t'],
    ['ink', 'red-t'],
  ] as const;
  for (const [name, scheme] of Object.entries({
    light: light!,
    dark: { ...light, ...dark } as Record<string, string>,
  })) {
    test(`${name}: every text reads at 4.5 to 1, every edge of a control at 3 to 1`, () => {
      const weak = TEXT.map(([a, b]) => ({ pair: `${a} on ${b}`, r: ratio(scheme[a]!, scheme[b]!) })).filter(
        (x) => x.r < 4.5,
      );
      assert.deepEqual(weak, []);
      for (const surface of ['paper', 'card'] as const) assert.ok(ratio(scheme.edge!, scheme[surface]!) >= 3, surface);
      assert.ok(
        ratio('#fbf7ee', scheme.roof!) >= 4.5 &&
          ratio('#1d2520', scheme.gold!) >= 4.5 &&
          ratio('#e3b577', scheme.roof!) >= 4.5,
      );
    });
  }
});

test('axe finds nothing on a narrow light page nor on a wide dark one, and nothing runs over the edge', async () => {
  const { AxeBuilder } = await import('@axe-core/playwright');
  const { openBrowser } = await import('#test/browser.ts');
  const running = await openBrowser();
  const pages = {
    gallery: gallery('/pola'),
    question: questionSample('/pola'),
    done: doneSample('/pola'),
    desk: gallery('/kerja', 'desk'),
  };
  try {
    for (const [colorScheme, width] of [
      ['light', 320],
      ['dark', 1280],
    ] as const) {
      const context = await running.newContext({ colorScheme, viewport: { width, height: 800 } });
      for (const [name, markup] of Object.entries(pages)) {
        const tab = await context.newPage();
        await tab.setContent(String(markup));
        const over = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(over <= 0, `${name} at ${width}: ${over} px too wide`);
        const { violations } = await new AxeBuilder({ page: tab })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'])
          .analyze();
        assert.deepEqual(
          violations.map((v) => `${name} ${v.id} ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`),
          [],
        );
        await tab.close();
      }
      await context.close();
    }
  } finally {
    await running.close();
  }
});

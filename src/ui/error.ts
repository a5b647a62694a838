// The page for a refusal: what happened, what to do next.
import { html } from 'hono/html';
import type { ErrorPage } from '#platform/http.ts';
import { page } from './layout.ts';

export const errorPage: ErrorPage = (problem, c) =>
  page({
    title: problem.kind.status >= 500 ? 'Ada gangguan' : 'Tidak bisa dilanjutkan',
    area: 'resident',
    path: c.req.path,
    body: html`<h1>${problem.kind.status === 404 ? 'Tidak ditemukan' : 'Tidak bisa dilanjutkan'}</h1><p>${problem.message}</p>${problem.errors.length > 0 ? html`<ul>${problem.errors.map((error) => html`<li>${error.message}</li>`)}</ul>` : ''}${problem.next && html`<p><a href="${problem.next.href}">${problem.next.text}</a></p>`}<p><a href="/">Ke halaman depan</a></p>`,
  });

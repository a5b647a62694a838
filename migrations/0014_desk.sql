-- The desk: assignment, deputies, batches, names, doubles, sentences, calendars.

-- Finding a case by the name of a person: keyed hashes of words and of three-letter beginnings, salted by the agency, so that the
-- frequency of a word cannot be compared between agencies. Filled in the background from the log, never by a submission.
CREATE TABLE applications.names (
  application  uuid PRIMARY KEY REFERENCES applications.applications,
  agency       text NOT NULL,
  village      text NOT NULL,               -- the scope of an officer of one place
  submitted_at timestamptz NOT NULL,
  words        bigint[] NOT NULL            -- the first 8 bytes of each HMAC; a clash only shows a case too many
);
-- A rare word is found by its hash; for a frequent one the planner walks the agency's cases from the newest on instead.
CREATE INDEX names_words ON applications.names USING gin (words);
CREATE INDEX names_agency ON applications.names (agency, submitted_at DESC, application DESC);
GRANT SELECT, INSERT, UPDATE, DELETE ON applications.names TO pendopo_app;

-- Who erases a case erases its name here too, whichever way that is done; moves never touch the column.
CREATE FUNCTION applications.forget_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM applications.names WHERE application = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER forget_name AFTER UPDATE OF key ON applications.applications
  FOR EACH ROW WHEN (NEW.key IS NULL) EXECUTE FUNCTION applications.forget_name();

-- Work of an agency week by week, counted from the log by the same reader.
CREATE TABLE applications.weeks (
  agency    text NOT NULL,
  week      date NOT NULL,                  -- its Monday, in the regency's zone
  submitted integer NOT NULL DEFAULT 0,
  finished  integer NOT NULL DEFAULT 0,
  late      integer NOT NULL DEFAULT 0,     -- finished after the promise
  PRIMARY KEY (agency, week)
);
GRANT SELECT, INSERT, UPDATE ON applications.weeks TO pendopo_app;

-- While an officer is away another works at her desks, for named days only.
CREATE TABLE applications.delegations (
  id       uuid PRIMARY KEY,
  agency   text NOT NULL,
  officer  uuid NOT NULL REFERENCES identity.officers,
  deputy   uuid NOT NULL REFERENCES identity.officers,
  starts   timestamptz NOT NULL,
  ends     timestamptz NOT NULL,
  set_by   uuid NOT NULL REFERENCES identity.officers,
  ended_at timestamptz,                     -- ended before its time
  CHECK (officer <> deputy),
  CHECK (starts < ends)
);
CREATE INDEX delegations_deputy ON applications.delegations (deputy, ends);
CREATE INDEX delegations_agency ON applications.delegations (agency, ends);
-- At one moment one deputy: two would not know of each other. Kept without an extension by a lock on the officer in the action.
CREATE INDEX delegations_officer ON applications.delegations (officer, ends);
GRANT SELECT, INSERT, UPDATE ON applications.delegations TO pendopo_app;

-- One action for many cases, done in chunks by a job.
CREATE TABLE applications.batches (
  id        uuid PRIMARY KEY,
  agency    text NOT NULL,
  officer   uuid NOT NULL REFERENCES identity.officers,
  action    text NOT NULL,
  reason    text,
  note      bytea,                          -- sealed; emptied when the batch has ended, each case has its own copy
  key       bytea,                          -- wrapped data key of the note
  state     text NOT NULL CHECK (state IN ('running', 'done', 'cancelled')),
  total     integer NOT NULL,
  done      integer NOT NULL DEFAULT 0,
  refused   integer NOT NULL DEFAULT 0,
  rights    text[],                         -- of the token that started it; NULL = all of the officer's
  started   timestamptz NOT NULL,
  ended     timestamptz,
  lease     uuid,                           -- which worker is at it; a dead one's lease runs out
  leased_at timestamptz,
  CHECK (done + refused <= total)
);
CREATE INDEX batches_officer ON applications.batches (officer, started DESC);
CREATE INDEX batches_agency ON applications.batches (agency, started DESC);
CREATE INDEX batches_running ON applications.batches (leased_at) WHERE state = 'running';
GRANT SELECT, INSERT, UPDATE ON applications.batches TO pendopo_app;

CREATE TABLE applications.batch_items (
  batch       uuid NOT NULL REFERENCES applications.batches,
  application uuid NOT NULL REFERENCES applications.applications,
  seen        text NOT NULL,                -- the state the officer saw: a case that has moved on is left alone
  outcome     text,                         -- NULL = waiting, 'done', 'cancelled', or the code of the refusal
  PRIMARY KEY (batch, application)
);
CREATE INDEX batch_items_waiting ON applications.batch_items (batch, application) WHERE outcome IS NULL;
CREATE INDEX batch_items_refused ON applications.batch_items (batch, application) WHERE outcome NOT IN ('done');
GRANT SELECT, INSERT, UPDATE ON applications.batch_items TO pendopo_app;

-- "Not a double", said by an officer of two cases; the smaller id first, so that a pair is one row.
CREATE TABLE applications.singles (
  one   uuid NOT NULL REFERENCES applications.applications,
  other uuid NOT NULL REFERENCES applications.applications,
  by    uuid NOT NULL,
  at    timestamptz NOT NULL,
  PRIMARY KEY (one, other),
  CHECK (one < other)
);
CREATE INDEX singles_other ON applications.singles (other);
GRANT SELECT, INSERT ON applications.singles TO pendopo_app;

-- An agency's own days and hours beside the regency's calendar.
CREATE TABLE applications.closed_days (
  agency     text NOT NULL,
  day        date NOT NULL,
  name       text NOT NULL,
  source     text NOT NULL,
  provenance text NOT NULL CHECK (provenance IN ('sourced', 'unverified')),
  PRIMARY KEY (agency, day)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON applications.closed_days TO pendopo_app;
CREATE TABLE applications.office_hours (
  agency     text PRIMARY KEY,
  hours      jsonb NOT NULL,                -- ISO weekday to [opening, closing) in minutes; a missing weekday is free
  source     text NOT NULL,
  provenance text NOT NULL CHECK (provenance IN ('sourced', 'unverified'))
);
GRANT SELECT, INSERT, UPDATE, DELETE ON applications.office_hours TO pendopo_app;

-- Sentences that an agency's officers write again and again. No personal data belongs in them, and the page says so.
CREATE SCHEMA desk;
GRANT USAGE ON SCHEMA desk TO pendopo_app;
CREATE TABLE desk.sentences (
  id      uuid PRIMARY KEY,
  agency  text NOT NULL,
  kind    text NOT NULL CHECK (kind IN ('any', 'return', 'refuse', 'advance', 'opinion')), -- beside which form it is offered
  title   text NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
  text    text NOT NULL CHECK (length(text) BETWEEN 1 AND 2000),
  place   integer NOT NULL,                 -- order in the list
  retired boolean NOT NULL DEFAULT false
);
CREATE INDEX sentences_agency ON desk.sentences (agency, place, id) WHERE NOT retired;
GRANT SELECT, INSERT, UPDATE ON desk.sentences TO pendopo_app;

-- The engine's rows. State, status and times are a cache of the events, written by the same statement that writes the event.
CREATE SCHEMA applications;
GRANT USAGE ON SCHEMA applications TO pendopo_app;

CREATE TABLE applications.applications (
  id           uuid PRIMARY KEY,
  number       text NOT NULL UNIQUE,
  service      text NOT NULL,
  version      integer NOT NULL,
  agency       text NOT NULL,
  village      text NOT NULL,
  channel      text NOT NULL CHECK (channel IN ('online', 'doorstep', 'onestop')),
  state        text NOT NULL,
  status       text NOT NULL CHECK (status IN ('in-progress', 'waiting-resident', 'waiting-opinion',
                 'completed', 'refused', 'withdrawn', 'expired')),
  seq          integer NOT NULL,           -- of the last event: two officers at once, one wins
  head         bytea NOT NULL,             -- hash of the last event
  folded       jsonb NOT NULL,             -- the case as the core sees it
  submitted_at timestamptz NOT NULL,
  due_at       timestamptz NOT NULL,
  ended_at     timestamptz,
  register_no  integer,                    -- gapless within service and year; given by a batch, not in the hot path
  register_year smallint,
  nik_hash     bytea,                      -- keyed hash: finds the same person without holding the number in clear
  label        bytea NOT NULL,             -- sealed name for lists
  answers      bytea NOT NULL,             -- sealed
  key          bytea,                      -- wrapped data key; NULL = erased
  simulated    boolean NOT NULL DEFAULT false,
  UNIQUE (service, register_year, register_no)
);
-- Most recent first, within an agency: the archive's keyset.
CREATE INDEX applications_agency ON applications.applications (agency, submitted_at DESC, id DESC);
-- The same for one village's or district's desk.
CREATE INDEX applications_place ON applications.applications (agency, village, submitted_at DESC, id DESC);
-- The archive filtered by a rarer status; completed ones are found by the index above within a page or two.
CREATE INDEX applications_status ON applications.applications (agency, status, submitted_at DESC, id DESC) WHERE status <> 'completed';
CREATE INDEX applications_nik ON applications.applications (nik_hash) WHERE nik_hash IS NOT NULL;
CREATE INDEX applications_unregistered ON applications.applications (submitted_at) WHERE register_no IS NULL;
GRANT SELECT, INSERT, UPDATE ON applications.applications TO pendopo_app;

CREATE TABLE applications.tasks (
  id          uuid PRIMARY KEY,
  application uuid NOT NULL REFERENCES applications.applications,
  kind        text NOT NULL CHECK (kind IN ('work', 'opinion', 'resident', 'escalation')),
  agency      text NOT NULL,
  role        text NOT NULL,
  area        text NOT NULL DEFAULT '',
  service     text NOT NULL,
  state       text NOT NULL,
  opinion     text,                        -- which opinion is asked
  opened_at   timestamptz NOT NULL,
  due_at      timestamptz NOT NULL,
  late_at     timestamptz,                 -- when the clock acts on it (escalate, expire); NULL = done or never
  taken_by    uuid,
  closed_at   timestamptz,
  closed_by   text
);
CREATE INDEX tasks_inbox ON applications.tasks (agency, role, area, due_at, id) WHERE closed_at IS NULL;
CREATE INDEX tasks_service ON applications.tasks (agency, role, area, service, due_at, id) WHERE closed_at IS NULL;
CREATE INDEX tasks_taken ON applications.tasks (taken_by, due_at, id) WHERE closed_at IS NULL AND taken_by IS NOT NULL;
CREATE INDEX tasks_open ON applications.tasks (application) WHERE closed_at IS NULL;
CREATE INDEX tasks_late ON applications.tasks (late_at) WHERE closed_at IS NULL AND late_at IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON applications.tasks TO pendopo_app;

-- Uploaded evidence: which file proves which requirement.
CREATE TABLE applications.evidence (
  application uuid NOT NULL REFERENCES applications.applications,
  requirement text NOT NULL,
  option      text NOT NULL,
  file        uuid NOT NULL REFERENCES platform.files,
  superseded  boolean NOT NULL DEFAULT false,  -- replaced by a correction; stays readable
  PRIMARY KEY (application, requirement, file)
);
CREATE INDEX evidence_file ON applications.evidence (file);
GRANT SELECT, INSERT, UPDATE, DELETE ON applications.evidence TO pendopo_app;

-- Free text of officers and residents about a case: sealed with the case's key, the event carries only its id.
CREATE TABLE applications.notes (
  id          uuid PRIMARY KEY,
  application uuid NOT NULL REFERENCES applications.applications,
  text        bytea NOT NULL
);
CREATE INDEX notes_application ON applications.notes (application);
GRANT SELECT, INSERT ON applications.notes TO pendopo_app;

-- Gapless register numbers: the last one given, taken only by the batch worker.
CREATE TABLE applications.registers (
  service text NOT NULL,
  year    smallint NOT NULL,
  last    integer NOT NULL,
  PRIMARY KEY (service, year)
);
GRANT SELECT, INSERT, UPDATE ON applications.registers TO pendopo_app;

-- How long services really take: rolled up from the log, so that no page counts a million rows.
CREATE TABLE applications.durations (
  service   text NOT NULL,
  month     date NOT NULL,
  channel   text NOT NULL,
  submitted integer NOT NULL,
  finished  integer NOT NULL,
  on_time   integer NOT NULL,
  median_minutes integer,                 -- working minutes, without the resident's own time
  p90_minutes integer,
  simulated boolean NOT NULL,
  PRIMARY KEY (service, month, channel)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON applications.durations TO pendopo_app;

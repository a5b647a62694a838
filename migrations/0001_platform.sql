-- The ground everything stands on: the log of events, idempotent commands, files.

-- The program works as pendopo_app, which may add to the log and read it, never change it: append-only by grant.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pendopo_app') THEN
    CREATE ROLE pendopo_app NOLOGIN;
  END IF;
  EXECUTE format('GRANT pendopo_app TO %I', current_user);
END $$;

CREATE SCHEMA platform;
GRANT USAGE ON SCHEMA platform TO pendopo_app;

-- One row an act. No personal data: ids and codes only. Partitioned by month so that old months can be archived whole.
CREATE TABLE platform.events (
  position    bigint GENERATED ALWAYS AS IDENTITY,
  id          uuid NOT NULL,
  at          timestamptz NOT NULL,             -- when it happened (the device's time when offline)
  recorded_at timestamptz NOT NULL,             -- when the server took it
  type        text NOT NULL CHECK (type ~ '^[a-z-]+\.[a-z-]+$'),
  subject     uuid NOT NULL,                    -- the application, officer, service … it is about
  seq         integer NOT NULL CHECK (seq > 0), -- 1, 2, 3 … within the subject
  actor       text NOT NULL,
  agency      text,
  village     text,
  channel     text NOT NULL,
  command_id  uuid NOT NULL,
  data        jsonb NOT NULL,
  prev        bytea,                            -- hash of the subject's event before: the chain
  hash        bytea NOT NULL CHECK (length(hash) = 32),
  xid         xid8 NOT NULL DEFAULT pg_current_xact_id() -- lets a reader by position wait for commits still under way
) PARTITION BY RANGE (recorded_at);
CREATE TABLE platform.events_rest PARTITION OF platform.events DEFAULT;
CREATE INDEX events_position ON platform.events (position);
CREATE INDEX events_subject ON platform.events (subject, seq);
GRANT SELECT, INSERT ON platform.events TO pendopo_app;

-- Months are made ahead by the migrating role; a month without a partition falls into events_rest and is never refused.
CREATE FUNCTION platform.add_event_month(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first date := date_trunc('month', month);
  name text := 'events_' || to_char(first, 'YYYYMM');
BEGIN
  IF to_regclass('platform.' || name) IS NULL
     AND NOT EXISTS (SELECT FROM platform.events_rest WHERE recorded_at >= first AND recorded_at < first + interval '1 month') THEN
    EXECUTE format('CREATE TABLE platform.%I PARTITION OF platform.events FOR VALUES FROM (%L) TO (%L)',
      name, first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month')::timestamp AT TIME ZONE 'UTC');
    EXECUTE format('GRANT SELECT, INSERT ON platform.%I TO pendopo_app', name);
  END IF;
END $$;

-- A command that was done once answers the same when it is sent again; another body under the same id is refused.
CREATE TABLE platform.commands (
  id      uuid PRIMARY KEY,
  body    bytea NOT NULL,   -- hash of what was asked
  outcome jsonb NOT NULL,
  at      timestamptz NOT NULL
);
-- Old commands are forgotten by age; a block-range index costs the hot path next to nothing.
CREATE INDEX commands_at ON platform.commands USING brin (at);
GRANT SELECT, INSERT, DELETE ON platform.commands TO pendopo_app;

-- What people upload and what we issue. The bytes lie sealed in the store; the key lies here, so that
-- destroying the key destroys every copy.
CREATE TABLE platform.files (
  id      uuid PRIMARY KEY,
  owner   uuid NOT NULL,            -- the draft, application or document it belongs to
  origin  text NOT NULL CHECK (origin IN ('uploaded', 'issued')), -- an upload that nothing uses is thrown away in time
  kind    text NOT NULL CHECK (kind IN ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')),
  size    integer NOT NULL CHECK (size > 0),
  sha256  bytea NOT NULL,
  key     bytea,                    -- wrapped data key; NULL = destroyed
  name    bytea,                    -- sealed: people put names into file names
  at      timestamptz NOT NULL
);
CREATE INDEX files_owner ON platform.files (owner);
CREATE INDEX files_uploaded ON platform.files (at) WHERE origin = 'uploaded';
GRANT SELECT, INSERT, UPDATE, DELETE ON platform.files TO pendopo_app;

-- Jobs are queued from inside our own transactions; the queue's tables belong to the worker's library, hence the wrapper.
CREATE FUNCTION platform.enqueue(task text, payload json, run_at timestamptz DEFAULT NULL, job_key text DEFAULT NULL)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  PERFORM graphile_worker.add_job(task, payload, run_at => run_at, job_key => job_key);
END $$;
REVOKE ALL ON FUNCTION platform.enqueue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.enqueue TO pendopo_app;

-- Facts about this installation: 'demo' or 'production', when it was seeded, whether it holds simulated history.
CREATE TABLE platform.settings (name text PRIMARY KEY, value jsonb NOT NULL);
GRANT SELECT, INSERT, UPDATE ON platform.settings TO pendopo_app;

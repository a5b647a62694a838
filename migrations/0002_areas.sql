-- Places by Kemendagri code: 33 province, 33.16 regency, 33.16.01 district, 33.16.01.2001 village.
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE SCHEMA areas;
GRANT USAGE ON SCHEMA areas TO pendopo_app;

CREATE TABLE areas.areas (
  code   text PRIMARY KEY CHECK (code ~ '^\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?$'),
  parent text REFERENCES areas.areas,
  level  text NOT NULL CHECK (level IN ('province', 'regency', 'district', 'village')),
  name   text NOT NULL,
  lat    real,
  lon    real,
  -- what people type, in one line: "bangkleyan jati blora jawa tengah"
  search text NOT NULL
);
CREATE INDEX areas_parent ON areas.areas (parent);
-- Typed lookup over Indonesia's 84,000 villages forgives typing errors; the prefix index answers the first letters.
CREATE INDEX areas_search ON areas.areas USING gin (search public.gin_trgm_ops) WHERE level = 'village';
CREATE INDEX areas_prefix ON areas.areas (search text_pattern_ops) WHERE level = 'village';
GRANT SELECT, INSERT, UPDATE ON areas.areas TO pendopo_app;

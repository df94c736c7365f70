-- +goose Up

-- What a case was started with can be corrected: rows of practices.csv, and
-- incident.yaml. A correction is numbered among the lists, by which practices are
-- opened again and told. The same file may come twice, with another in between.
ALTER TABLE findings_list DROP CONSTRAINT findings_list_kind_check;
ALTER TABLE findings_list ADD CONSTRAINT findings_list_kind_check CHECK (kind IN ('findings', 'returns', 'practices', 'incident'));
ALTER TABLE findings_list DROP CONSTRAINT findings_list_incident_id_sha256_key;
CREATE UNIQUE INDEX findings_list_once ON findings_list (incident_id, sha256) WHERE kind IN ('findings', 'returns');

-- The SHA-256 sums of the case folder's files, so that start can tell a case that
-- was corrected from another one.
ALTER TABLE incident ADD COLUMN case_files jsonb NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE incident DROP COLUMN case_files;
DROP INDEX findings_list_once;
ALTER TABLE findings_list ADD CONSTRAINT findings_list_incident_id_sha256_key UNIQUE (incident_id, sha256);
ALTER TABLE findings_list DROP CONSTRAINT findings_list_kind_check;
ALTER TABLE findings_list ADD CONSTRAINT findings_list_kind_check CHECK (kind IN ('findings', 'returns'));

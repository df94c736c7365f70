-- name: AppendEntry :exec
-- The trigger links it: seq, at, prev and hash are its own.
INSERT INTO ledger (incident_id, practice_key, seq, at, prev, hash, body)
VALUES (@incident_id, @practice_key, 0, now(), '', '', @body);

-- name: AppendToEach :exec
-- The same entry in the chain of each practice.
INSERT INTO ledger (incident_id, practice_key, seq, at, prev, hash, body)
SELECT @incident_id, unnest(@practice_keys::text[]), 0, now(), '', '', unnest(@bodies::text[]);

-- name: LedgerEntries :many
SELECT practice_key, seq, ledger_time(at)::text AS at, prev, hash, body FROM ledger
WHERE incident_id = @incident_id AND (@whole::boolean OR practice_key IN ('', @practice_key::text))
    AND (practice_key, seq) > (@after_key::text, @after_seq::integer)
ORDER BY practice_key, seq LIMIT @page;

-- name: LedgerHeads :many
-- Where each practice's chain stands, with the entry that the last anchor took in.
SELECT p.practice_key, l.seq, l.hash, coalesce(a.seq, 0)::integer AS anchored
FROM practice p
CROSS JOIN LATERAL (SELECT e.seq, e.hash FROM ledger e
    WHERE e.incident_id = p.incident_id AND e.practice_key = p.practice_key ORDER BY e.seq DESC LIMIT 1) l
LEFT JOIN LATERAL (SELECT x.seq FROM ledger_anchor x
    WHERE x.incident_id = p.incident_id AND x.practice_key = p.practice_key ORDER BY x.anchor DESC LIMIT 1) a ON true
WHERE p.incident_id = @incident_id ORDER BY p.practice_key;

-- name: AnchorIsYounger :one
-- By the database's clock, which also dates the entries.
SELECT EXISTS (SELECT 1 FROM ledger l WHERE l.incident_id = @incident_id AND l.practice_key = ''
    AND l.seq = (SELECT max(x.anchor) FROM ledger_anchor x WHERE x.incident_id = @incident_id)
    AND l.at > clock_timestamp() - make_interval(secs => @seconds::double precision));

-- name: LastOfKind :many
-- The last entry of its kind in the incident's chain, or none.
SELECT body FROM ledger WHERE incident_id = @incident_id AND practice_key = '' AND body::jsonb ->> 'kind' = @kind::text
ORDER BY seq DESC LIMIT 1;

-- name: EntryIsThere :one
SELECT EXISTS (SELECT 1 FROM ledger WHERE incident_id = @incident_id AND practice_key = @practice_key
    AND body::jsonb ->> 'kind' = @kind::text AND body::jsonb ->> 'ref' = @ref::text);

-- name: LedgerHead :one
SELECT seq FROM ledger WHERE incident_id = @incident_id AND practice_key = @practice_key ORDER BY seq DESC LIMIT 1;

-- name: InsertAnchored :exec
INSERT INTO ledger_anchor (incident_id, anchor, practice_key, seq)
SELECT @incident_id, @anchor::integer, unnest(@practice_keys::text[]), unnest(@seqs::integer[]);

-- name: Anchored :many
-- The practices' heads at each anchor, where they had moved. An entry that is
-- gone has no hash: the pack's own check then names it.
SELECT a.anchor, a.practice_key, a.seq, coalesce(l.hash, '')::bytea AS hash FROM ledger_anchor a
LEFT JOIN ledger l ON l.incident_id = a.incident_id AND l.practice_key = a.practice_key AND l.seq = a.seq
WHERE a.incident_id = @incident_id ORDER BY a.anchor, a.practice_key;

-- name: PeopleOfPractices :many
SELECT practice_key, people, list_sha256 FROM practice
WHERE incident_id = @incident_id AND practice_key = ANY(@practice_keys::text[]) ORDER BY practice_key;

-- name: RunPractices :many
-- The practices of a mail run with their findings in it.
SELECT p.practice_key, m.findings FROM mail_run_practice m JOIN practice p ON p.id = m.practice_id
WHERE m.run_id = @run_id ORDER BY p.id;

-- name: LockRunPractices :exec
SELECT p.id FROM practice p WHERE p.id IN (SELECT practice_id FROM mail_run_practice WHERE run_id = @run_id)
ORDER BY p.id FOR NO KEY UPDATE;

-- name: PrintedOfRun :many
-- What a finished run printed for each practice.
SELECT p.practice_key, count(*) FILTER (WHERE x.lead AND x.held = '') AS letters,
    count(*) FILTER (WHERE NOT x.lead AND x.held = '') AS joined, count(*) FILTER (WHERE x.held <> '') AS held
FROM piece x JOIN practice p ON p.id = x.practice_id WHERE x.run_id = @run_id GROUP BY p.id ORDER BY p.id;

-- name: BatchesOfRun :one
-- How many are done with: printed, or taken back before.
SELECT ((SELECT count(*) FROM batch b WHERE b.run_id = r.id) + cardinality(r.withdrawn))::integer FROM mail_run r WHERE r.id = @run_id;

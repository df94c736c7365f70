-- name: SetSortMemory :exec
-- Sorting millions of rows is a few times quicker when they do not go to disk
-- in small pieces. For this transaction only.
SELECT set_config('work_mem', '192MB', true), set_config('maintenance_work_mem', '256MB', true);

-- name: InsertIncident :execrows
-- Waits for another load of the same incident, or of one named alike, and inserts
-- nothing when that one came first.
INSERT INTO incident (id, facts, case_sha256, case_files, rulebook_version, rulebook_sha256, loaded_by, loaded_at, notices_held)
VALUES (@id, @facts, @case_sha256, @case_files, @rulebook_version, @rulebook_sha256, @loaded_by, @loaded_at, @notices_held)
ON CONFLICT DO NOTHING;

-- name: IncidentNamedAlike :one
-- An incident whose id differs only in capitals.
SELECT id FROM incident WHERE lower(id) = lower(@id::text) AND id <> @id::text;

-- name: TakePracticeIDs :many
SELECT nextval(pg_get_serial_sequence('practice', 'id'))::integer AS id FROM generate_series(1, @n::integer);

-- name: InsertPractices :exec
-- Not a COPY, which PostgreSQL refuses into a table with row-level security.
INSERT INTO practice (id, incident_id, practice_key, facts, delegation, counted_as, list_number, list_sha256,
    tally, people, findings)
SELECT unnest(@ids::integer[]), @incident_id, unnest(@practice_keys::text[]), unnest(@facts::jsonb[]), unnest(@delegations::text[]),
    unnest(@counted_as::text[]), @list_number, unnest(@list_sha256s::text[]), unnest(@tallies::jsonb[]), unnest(@people::integer[]),
    unnest(@findings::integer[]);

-- name: InsertAccount :exec
-- Where the people of practices that are new begin.
INSERT INTO account (practice_id, state, why, letter, residence, people)
SELECT unnest(@practice_ids::integer[]), unnest(@states::text[]), unnest(@whys::text[]), '', unnest(@residences::text[]), unnest(@people::integer[]);

-- name: CountAccount :exec
-- Those findings' states counted anew, by practice.
SELECT count_account(@practice_ids::integer[]);

-- name: SumUpIncident :one
-- Returns the seconds since the transaction began.
WITH totals AS (
    SELECT count(*) AS practices, coalesce(sum(findings), 0) AS findings FROM practice WHERE practice.incident_id = @id
), people AS (
    SELECT count(*) AS people FROM (
        SELECT f.person_key FROM finding f JOIN practice p ON p.id = f.practice_id
        WHERE p.incident_id = @id AND f.protected GROUP BY f.person_key
    ) AS different
)
UPDATE incident SET practices = totals.practices, findings = totals.findings, people = people.people
FROM totals, people WHERE incident.id = @id
RETURNING extract(epoch FROM clock_timestamp() - now())::double precision AS seconds;

-- name: InsertList :exec
INSERT INTO findings_list (incident_id, number, sha256, rows, added, changed, unchanged, removed, touched, by_whom, loaded_at, seconds, kind)
VALUES (@incident_id, @number, @sha256, @rows, @added, @changed, @unchanged, @removed, @touched, @by_whom, @loaded_at, @seconds, @kind);

-- name: ListBySHA256 :one
SELECT number, rows, added, changed, unchanged, removed, touched FROM findings_list
WHERE incident_id = @incident_id AND sha256 = @sha256 AND kind IN ('findings', 'returns');

-- name: NextListNumber :one
SELECT (coalesce(max(number), 0) + 1)::integer FROM findings_list WHERE incident_id = @incident_id;

-- name: PracticesOf :many
SELECT id, practice_key, delegation FROM practice WHERE incident_id = @incident_id ORDER BY id;

-- name: PracticesOfGroups :many
-- The practices that a counting entity of more than one, or one of them, has.
SELECT id, practice_key FROM practice p
WHERE p.incident_id = @incident_id AND NOT p.left_group AND (@entity::text = '' OR p.counted_as = @entity::text)
    AND EXISTS (SELECT FROM practice o WHERE o.incident_id = p.incident_id AND o.counted_as = p.counted_as AND NOT o.left_group AND o.id <> p.id)
ORDER BY id;

-- name: GroupsOf :many
-- The counting entities of more than one practice.
SELECT counted_as AS key, array_agg(practice_key::text ORDER BY practice_key)::text[] AS members
FROM practice WHERE incident_id = @incident_id AND NOT left_group AND (@entity::text = '' OR counted_as = @entity::text)
GROUP BY counted_as HAVING count(*) > 1 ORDER BY counted_as;

-- name: LockGroup :exec
-- Whoever counts a group holds off others who would, until it commits: by a row
-- that nobody but the engine can lock, where anybody could hold an advisory lock.
INSERT INTO group_turn (incident_id, key) VALUES (@incident_id, @key) ON CONFLICT (incident_id, key) DO UPDATE SET key = EXCLUDED.key;

-- name: DropGroup :exec
DELETE FROM counting_group WHERE incident_id = @incident_id AND key = @key;

-- name: PeopleOfGroup :many
-- Each person once. The State is the first known one in key order; a usable
-- address, a death or a data class that any of the practices has on record counts.
SELECT f.person_key,
    coalesce((array_agg(f.residence::text ORDER BY f.practice_id) FILTER (WHERE f.residence <> ''))[1], '')::text AS residence,
    bool_or(f.usable_address AND NOT f.returned)::boolean AS usable_address,
    bool_or(f.agreed_email AND NOT f.email_bounced)::boolean AS by_email, bool_or(f.minor) AS minor, bool_or(f.deceased) AS deceased,
    bit_or(f.data_classes)::integer AS data_classes
FROM finding f JOIN practice p ON p.id = f.practice_id
WHERE p.incident_id = @incident_id AND p.counted_as = @counted_as AND NOT p.left_group AND f.protected AND f.person_key > @after
GROUP BY f.person_key ORDER BY f.person_key LIMIT @page;

-- name: SaveGroup :exec
INSERT INTO counting_group (incident_id, key, members, tally) VALUES (@incident_id, @key, @members, @tally)
ON CONFLICT (incident_id, key) DO UPDATE SET members = EXCLUDED.members, tally = EXCLUDED.tally;

-- name: UnsavedBatches :one
SELECT coalesce(sum(r.batches - cardinality(r.withdrawn) - (SELECT count(*) FROM batch b WHERE b.run_id = r.id)), 0)::integer
FROM mail_run r WHERE r.incident_id = @incident_id;

-- name: CountIncoming :one
SELECT count(*) FILTER (WHERE f.person_key IS NULL) AS added,
    count(*) FILTER (WHERE f.letter_hash <> n.letter_hash OR f.other_hash <> n.other_hash) AS changed,
    count(*) FILTER (WHERE f.letter_hash = n.letter_hash AND f.other_hash = n.other_hash) AS unchanged
FROM incoming_finding n LEFT JOIN finding f USING (practice_id, person_key)
WHERE n.practice_id = ANY(@practice_ids::integer[]);

-- name: DropUnchangedIncoming :exec
DELETE FROM incoming_finding n USING finding f
WHERE n.practice_id = ANY(@practice_ids::integer[]) AND f.practice_id = n.practice_id AND f.person_key = n.person_key
    AND f.letter_hash = n.letter_hash AND f.other_hash = n.other_hash;

-- name: NameUnchanged :exec
-- People whom an earlier program took in are found by name once a list has them again.
UPDATE finding f SET name_hash = n.name_hash FROM incoming_finding n
WHERE n.practice_id = ANY(@practice_ids::integer[]) AND f.practice_id = n.practice_id AND f.person_key = n.person_key
    AND f.letter_hash = n.letter_hash AND f.other_hash = n.other_hash AND f.name_hash IS NULL;

-- name: TouchedPractices :many
SELECT DISTINCT practice_id FROM incoming_finding WHERE practice_id = ANY(@practice_ids::integer[]);

-- name: SupersedePieces :exec
-- A letter that no longer says what is so is owed again; not where it came back
-- and the row has no other address. One that was held for its language was never
-- printed, and the row may ask for another one now.
UPDATE piece SET superseded = true
FROM incoming_finding n JOIN finding f USING (practice_id, person_key)
WHERE n.practice_id = ANY(@practice_ids::integer[]) AND (f.letter_hash <> n.letter_hash OR f.state_why = @of_language::text AND f.state = @held::text) AND NOT n.returned
    AND piece.practice_id = n.practice_id AND piece.person_key = n.person_key AND NOT piece.superseded;

-- name: ReplaceFindings :exec
DELETE FROM finding f USING incoming_finding n
WHERE n.practice_id = ANY(@practice_ids::integer[]) AND f.practice_id = n.practice_id AND f.person_key = n.person_key;

-- name: CarryState :exec
-- What became of somebody stays where the row says nothing else in what a letter
-- prints, or where the letter came back and the row has no other address. A letter that
-- was held for its language is looked at again.
UPDATE incoming_finding n SET state = f.state, state_why = f.state_why, letter = f.letter, mailed_on = f.mailed_on, told_on = f.told_on
FROM finding f
WHERE n.practice_id = ANY(@practice_ids::integer[]) AND f.practice_id = n.practice_id AND f.person_key = n.person_key
    AND (f.letter_hash = n.letter_hash OR n.returned)
    AND NOT (f.state = @held::text AND f.state_why = @of_language::text)
    -- Whether an e-mail reaches who has no address, the later row says.
    AND NOT (f.state = @no_address::text AND n.state = @no_address::text);

-- name: MoveIncoming :exec
INSERT INTO finding SELECT * FROM incoming_finding WHERE practice_id = ANY(@practice_ids::integer[]);

-- name: SharedCode :one
-- A person of the list and another one of the incident with the same code, or in whose
-- printed letter it stood.
SELECT f.person_key, g.person_key AS other_key
FROM finding f JOIN practice p ON p.id = f.practice_id JOIN (
    SELECT code_hash, person_key FROM finding WHERE code_hash IS NOT NULL UNION ALL SELECT code_hash, person_key FROM spent_code
) g ON g.code_hash = f.code_hash AND g.person_key <> f.person_key
WHERE p.incident_id = @incident_id AND f.list_number = @list_number AND f.code_hash IS NOT NULL
ORDER BY f.person_key, g.person_key LIMIT 1;

-- name: ClearIncoming :exec
DELETE FROM incoming_finding WHERE practice_id = ANY(@practice_ids::integer[]);

-- name: NotThere :many
-- Of the people to be taken out, those who are not there, by their place among them.
SELECT r.place::integer FROM (
    SELECT unnest(@practice_ids::integer[]) AS practice_id, unnest(@person_keys::text[]) AS person_key, unnest(@places::integer[]) AS place
) r LEFT JOIN finding f ON f.practice_id = r.practice_id AND f.person_key = r.person_key
WHERE f.person_key IS NULL ORDER BY r.place LIMIT 1;

-- name: RemoveFindings :exec
-- A letter printed for somebody who is taken out stands as printed and counts
-- no more; who comes back later gets another.
WITH gone AS (
    SELECT unnest(@practice_ids::integer[]) AS practice_id, unnest(@person_keys::text[]) AS person_key, unnest(@whys::text[]) AS why,
        unnest(@reasons::text[]) AS reason
), printed AS (
    UPDATE piece SET superseded = true FROM gone
    WHERE piece.practice_id = gone.practice_id AND piece.person_key = gone.person_key AND NOT piece.superseded
    RETURNING piece.practice_id, piece.person_key, piece.run_id, piece.piece_no, piece.held
), removed AS (
    DELETE FROM finding USING gone WHERE finding.practice_id = gone.practice_id AND finding.person_key = gone.person_key
    -- Who waits for the letter after one that was mailed has had that one.
    RETURNING finding.practice_id, finding.person_key, finding.protected, CASE WHEN EXISTS (SELECT FROM piece m
        WHERE m.practice_id = finding.practice_id AND m.person_key = finding.person_key AND m.superseded AND m.recalled_mailed_on IS NOT NULL)
        AND finding.state IN ('waiting', 'printing', 'printed') THEN 'mailed' ELSE finding.state END AS state
), noted AS (
    INSERT INTO list_change (practice_id, list_number, person_key, what)
    SELECT practice_id, @list_number::integer, person_key, 'removed' FROM removed WHERE protected
)
INSERT INTO removed_finding (practice_id, person_key, list_number, why, run_id, piece_no, reason, stood)
SELECT gone.practice_id, gone.person_key, @list_number, gone.why, printed.run_id, printed.piece_no, gone.reason, removed.state
FROM gone JOIN removed USING (practice_id, person_key)
LEFT JOIN printed ON printed.practice_id = gone.practice_id AND printed.person_key = gone.person_key AND printed.held = '';

-- name: LettersOfRemoved :many
-- The printed letters that are for nobody any more.
SELECT DISTINCT r.number AS run, x.piece_no::integer AS piece_no
FROM removed_finding x JOIN practice p ON p.id = x.practice_id JOIN mail_run r ON r.id = x.run_id
WHERE p.incident_id = @incident_id AND x.list_number = @list_number AND x.piece_no IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM piece o WHERE o.run_id = x.run_id AND o.piece_no = x.piece_no AND NOT o.superseded)
ORDER BY r.number, piece_no;

-- name: RemovedByList :one
-- Of those whom a list took out: for how many it gave a reason of the program's own, and
-- how many had been told by then, by a letter or otherwise.
SELECT count(*) FILTER (WHERE x.reason <> '')::integer AS cleared, count(*) FILTER (WHERE x.stood IN ('mailed', 'returned', 'told'))::integer AS told
FROM removed_finding x JOIN practice p ON p.id = x.practice_id
WHERE p.incident_id = @incident_id AND x.list_number = @list_number;

-- name: FindingsByKey :many
SELECT sqlc.embed(f), p.practice_key
FROM (SELECT unnest(@practice_ids::integer[]) AS practice_id, unnest(@person_keys::text[]) AS person_key) k
JOIN finding f ON f.practice_id = k.practice_id AND f.person_key = k.person_key JOIN practice p ON p.id = f.practice_id;

-- name: IncomingOtherwise :many
-- Rows of a further list that say something else, though nothing that a letter prints.
SELECT sqlc.embed(f), p.practice_key, n.sealed AS after
FROM incoming_finding n JOIN finding f USING (practice_id, person_key) JOIN practice p ON p.id = n.practice_id
WHERE n.practice_id = ANY(@practice_ids::integer[]) AND f.letter_hash = n.letter_hash AND f.other_hash <> n.other_hash
    AND (n.practice_id, n.person_key) > (@after_practice::integer, @after_person::text)
ORDER BY n.practice_id, n.person_key LIMIT @page;

-- name: DropIncoming :exec
DELETE FROM incoming_finding n USING (SELECT unnest(@practice_ids::integer[]) AS practice_id, unnest(@person_keys::text[]) AS person_key) k
WHERE n.practice_id = k.practice_id AND n.person_key = k.person_key;

-- name: IncomingLines :many
-- What a further list says otherwise, by practice and State of residence.
SELECT p.practice_key, n.residence::text AS residence, count(*) FILTER (WHERE f.person_key IS NULL)::integer AS added,
    count(*) FILTER (WHERE f.letter_hash <> n.letter_hash OR f.other_hash <> n.other_hash)::integer AS changed,
    count(*) FILTER (WHERE f.data_classes <> n.data_classes)::integer AS kinds
FROM incoming_finding n JOIN practice p ON p.id = n.practice_id LEFT JOIN finding f USING (practice_id, person_key)
WHERE n.practice_id = ANY(@practice_ids::integer[])
GROUP BY p.practice_key, n.residence ORDER BY p.practice_key, n.residence;

-- name: CountFindings :one
SELECT count(*)::integer FROM finding f JOIN practice p ON p.id = f.practice_id WHERE p.incident_id = @incident_id;

-- name: PracticesOfIDs :many
SELECT id, practice_key FROM practice WHERE id = ANY(@ids::integer[]) ORDER BY practice_key;

-- name: PracticesOfList :many
-- The open practices of every counting entity that a further list touched.
SELECT p.practice_key FROM practice p
WHERE p.incident_id = @incident_id AND p.closed_on IS NULL AND p.practice_key > @after::text AND p.counted_as IN (
    SELECT t.counted_as FROM findings_list l JOIN practice t ON t.incident_id = l.incident_id AND t.practice_key = ANY(l.touched)
    WHERE l.incident_id = @incident_id AND l.number = @number)
ORDER BY p.practice_key LIMIT @page;

-- name: ReopenLeads :exec
-- A counting entity's duties stand under the first of its practices: they may be
-- others now, whichever of its practices the list touched.
UPDATE practice SET list_number = @list_number, changes = changes + 1,
    phase = CASE WHEN phase = 'closed' THEN 'starting' ELSE phase END, closed_on = NULL, closed_why = ''
FROM counting_group g
WHERE practice.incident_id = @incident_id AND g.incident_id = @incident_id
    AND practice.practice_key = (g.members)[1] AND g.members && @touched::text[];

-- name: FindingsOf :many
-- Findings of some practices, by page, for whoever counts them.
SELECT sqlc.embed(f) FROM finding f
WHERE (f.practice_id, f.person_key) > (@after_practice::integer, @after_person::text) AND f.practice_id <= @last_practice::integer
    AND f.practice_id = ANY(@practice_ids::integer[])
ORDER BY f.practice_id, f.person_key LIMIT @page;

-- name: SaveCounts :exec
-- A practice that a further list touches starts over: its papers are to be made
-- and approved anew, and one that was closed is open again.
UPDATE practice SET list_number = @list_number, list_sha256 = @list_sha256, tally = @tally, people = @people,
    findings = @findings, papers_sha256 = '', changes = changes + 1,
    phase = CASE WHEN phase = 'closed' THEN 'starting' ELSE phase END, closed_on = NULL, closed_why = ''
WHERE practice.id = @id;

-- name: ReopenIncident :exec
UPDATE incident SET phase = 'running', closed_on = NULL WHERE id = @id AND phase = 'closed';

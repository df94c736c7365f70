-- name: PacketRow :one
SELECT g.practice_id, g.recipient, g.packet_sha256, k.turn, k.sealed_turn, k.look_at,
    EXISTS (SELECT FROM page_code c WHERE c.practice_id = g.practice_id) AS code_given
FROM page_practice g JOIN page_packet k USING (practice_id) JOIN practice p ON p.id = g.practice_id
WHERE p.incident_id = @incident_id AND p.practice_key = @practice_key;

-- name: LockPage :one
-- Before the practice, as whoever comes in locks them; without its key, which foreign keys
-- look at.
SELECT g.practice_id, g.recipient, g.packet_sha256, k.turn FROM page_practice g JOIN page_packet k USING (practice_id) JOIN practice p ON p.id = g.practice_id
WHERE p.incident_id = @incident_id AND p.practice_key = @practice_key FOR NO KEY UPDATE OF g;

-- name: PacketTurn :one
SELECT turn FROM page_packet WHERE practice_id = @practice_id FOR UPDATE;

-- name: Parts :many
SELECT name, plain_sha256, made_from, bytes FROM page_part WHERE practice_id = @practice_id;

-- name: PartSealed :one
SELECT sealed FROM page_part WHERE practice_id = @practice_id AND name = @name;

-- name: SavePart :exec
INSERT INTO page_part (practice_id, name, sealed, plain_sha256, made_from, bytes) VALUES (@practice_id, @name, @sealed, @plain_sha256, @made_from, @bytes)
ON CONFLICT (practice_id, name) DO UPDATE SET sealed = excluded.sealed, plain_sha256 = excluded.plain_sha256, made_from = excluded.made_from,
    bytes = excluded.bytes, made_at = clock_timestamp();

-- name: PartFrom :exec
-- The same content, made from something else.
UPDATE page_part SET made_from = @made_from WHERE practice_id = @practice_id AND name = @name AND made_from <> @made_from;

-- name: DropParts :exec
DELETE FROM page_part WHERE practice_id = @practice_id AND NOT name = ANY(@keep::text[]);

-- name: SetPacket :exec
UPDATE page_practice SET packet_sha256 = @packet_sha256 WHERE practice_id = @practice_id AND packet_sha256 <> @packet_sha256;

-- name: PacketSealed :exec
UPDATE page_packet SET sealed_turn = @turn, look_at = @look_at, program = @program, taken_until = '-infinity', tries = 0 WHERE practice_id = @practice_id;

-- name: TakePackets :many
-- Takes packets that are to be sealed in hand: of practices whose standing is of
-- today's record, since another one is about to be worked out, and whose people can
-- still be read. Who has nothing yet comes first.
UPDATE page_packet k SET taken_until = @until::timestamptz FROM practice p, page_practice g
WHERE p.id = k.practice_id AND g.practice_id = k.practice_id AND k.practice_id IN (
    SELECT w.practice_id FROM page_packet w JOIN page_practice h ON h.practice_id = w.practice_id
    JOIN practice q ON q.id = w.practice_id JOIN incident_key i ON i.incident_id = q.incident_id
    WHERE (w.turn <> w.sealed_turn OR w.look_at <= @now::timestamptz) AND w.taken_until <= @now::timestamptz
        AND (q.standing_of = q.changes OR q.closed_on IS NOT NULL) AND i.shredded_at IS NULL
    ORDER BY h.packet_sha256 <> '', w.practice_id LIMIT @most FOR UPDATE OF w SKIP LOCKED)
RETURNING p.incident_id, p.practice_key, k.tries, p.people, (g.packet_sha256 = '')::boolean AS first;

-- name: PacketFailed :exec
UPDATE page_packet k SET taken_until = @until::timestamptz, tries = tries + 1 FROM practice p
WHERE p.id = k.practice_id AND p.incident_id = @incident_id AND p.practice_key = @practice_key;

-- name: PacketsOfOtherPrograms :exec
-- What an earlier program or its texts made is made anew.
UPDATE page_packet SET turn = turn + 1 WHERE program <> @program AND turn = sealed_turn;

-- name: PracticeFiles :many
SELECT f.path, f.sha256, f.bytes, f.made_from FROM practice_file f JOIN practice p ON p.id = f.practice_id
WHERE p.incident_id = @incident_id AND p.practice_key = @practice_key ORDER BY f.path;

-- name: ListsOfPractice :many
-- The lists of people that touched a practice, the first one included, with what each did.
SELECT l.number, l.loaded_at,
    count(c.person_key) FILTER (WHERE c.what = 'added') AS added, count(c.person_key) FILTER (WHERE c.what = 'changed') AS changed,
    count(c.person_key) FILTER (WHERE c.what = 'removed') AS removed
FROM practice p JOIN findings_list l ON l.incident_id = p.incident_id LEFT JOIN list_change c ON c.practice_id = p.id AND c.list_number = l.number
WHERE p.incident_id = @incident_id AND p.practice_key = @practice_key AND l.kind = 'findings' AND (l.number = 1 OR p.practice_key = ANY(l.touched))
GROUP BY l.number, l.loaded_at ORDER BY l.number;

-- name: ChangesOfList :many
SELECT c.person_key, c.what, coalesce(x.why, '')::text AS why
FROM practice p JOIN list_change c ON c.practice_id = p.id
LEFT JOIN removed_finding x ON x.practice_id = p.id AND x.person_key = c.person_key AND x.list_number = c.list_number
WHERE p.incident_id = @incident_id AND p.practice_key = @practice_key AND c.list_number = @list_number ORDER BY c.person_key;

-- name: NoteListChanges :exec
-- Before the rows are replaced. Somebody whose record is not protected is on no list of a practice.
INSERT INTO list_change (practice_id, list_number, person_key, what)
SELECT n.practice_id, n.list_number, n.person_key,
    CASE WHEN NOT coalesce(f.protected, false) THEN 'added' WHEN n.protected THEN 'changed' ELSE 'removed' END
FROM incoming_finding n LEFT JOIN finding f USING (practice_id, person_key)
WHERE n.practice_id = ANY(@practice_ids::integer[]) AND (n.protected OR coalesce(f.protected, false))
-- Taken out and brought again by the same list: a change.
ON CONFLICT (practice_id, list_number, person_key) DO NOTHING;

-- name: OwnProofs :many
-- The proofs that were recorded for this practice alone. One of a record for the whole
-- incident may show other practices and their patients.
SELECT DISTINCT (a.terms #>> '{Record,ProofSHA256}')::text AS sha256 FROM act a
WHERE a.incident_id = @incident_id AND a.practice_key = @practice_key AND a.kind = 'record' AND coalesce(a.terms #>> '{Record,ProofSHA256}', '') <> '';

-- name: ForgetParts :exec
DELETE FROM page_part t USING practice p WHERE p.id = t.practice_id AND p.incident_id = @incident_id;

-- name: ForgetCodes :exec
UPDATE page_code c SET wrapped = NULL FROM practice p WHERE p.id = c.practice_id AND p.incident_id = @incident_id AND c.wrapped IS NOT NULL;

-- name: ForgetSessions :exec
UPDATE page_session s SET ended_at = coalesce(s.ended_at, clock_timestamp()), wrapped = '' FROM practice p WHERE p.id = s.practice_id AND p.incident_id = @incident_id;

-- name: ForgetPasskeys :exec
UPDATE page_passkey k SET removed_at = coalesce(k.removed_at, clock_timestamp()), wrapped = '' FROM practice p WHERE p.id = k.practice_id AND p.incident_id = @incident_id;

-- name: HandedOver :many
-- The sums of what was handed over of a practice, before it was encrypted.
SELECT DISTINCT coalesce(nullif(f ->> 'Plain', ''), f ->> 'SHA256')::text AS sha256
FROM act a, jsonb_array_elements(a.terms #> '{HandOver,Files}') f
WHERE a.incident_id = @incident_id AND a.practice_key = @practice_key AND a.kind = @kind;

-- name: PacketWaits :exec
UPDATE page_packet k SET turn = turn + 1, taken_until = '-infinity' FROM practice p
WHERE p.id = k.practice_id AND p.incident_id = @incident_id AND p.practice_key = @practice_key;

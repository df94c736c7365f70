-- name: LockForAmendment :exec
-- The practices that an amendment touches with all of their counting entities, as
-- they are and as they will be, or with lock_all every practice. Whoever locks
-- several does it in this order, and before the counting entities' own locks:
-- saving a plan takes first its practice's and then its entity's.
SELECT id FROM practice p
WHERE p.incident_id = @incident_id AND (@lock_all::boolean OR p.practice_key = ANY(@practice_keys::text[]) OR p.counted_as = ANY(@entities::text[])
    OR p.counted_as IN (SELECT t.counted_as FROM practice t WHERE t.incident_id = @incident_id AND t.practice_key = ANY(@practice_keys::text[])))
ORDER BY p.id FOR NO KEY UPDATE;

-- name: PracticesToAmend :many
SELECT p.id, p.practice_key, p.facts, p.delegation, p.counted_as
FROM practice p WHERE p.incident_id = @incident_id AND p.practice_key = ANY(@practice_keys::text[]) ORDER BY p.id;

-- name: MembersOf :many
-- The practices of some counting entities, those that left included.
SELECT practice_key FROM practice WHERE incident_id = @incident_id AND counted_as = ANY(@entities::text[]) ORDER BY practice_key;

-- name: AmendPractices :exec
UPDATE practice SET facts = x.facts, delegation = x.delegation, counted_as = x.counted_as
FROM (SELECT unnest(@ids::integer[]) AS id, unnest(@facts::jsonb[]) AS facts, unnest(@delegations::text[]) AS delegation,
    unnest(@counted_as::text[]) AS counted_as) x
WHERE practice.id = x.id;

-- name: TouchPractices :exec
-- A practice that a correction touches is open again; its papers are to be
-- approved anew where they say something else.
UPDATE practice SET list_number = @list_number, changes = changes + 1,
    papers_sha256 = CASE WHEN practice_key = ANY(@papers::text[]) THEN '' ELSE papers_sha256 END,
    phase = CASE WHEN phase = 'closed' THEN 'starting' ELSE phase END, closed_on = NULL, closed_why = ''
WHERE incident_id = @incident_id AND practice_key = ANY(@practice_keys::text[]);

-- name: ApprovedPapers :many
-- The approvals that hold of some practices.
SELECT p.practice_key, array_agg(a.who ORDER BY a.at, a.person)::text[] AS approved_by
FROM practice p JOIN approval a ON a.practice_id = p.id AND a.papers_sha256 = p.papers_sha256
WHERE p.incident_id = @incident_id AND p.practice_key = ANY(@practice_keys::text[]) AND p.papers_sha256 <> ''
GROUP BY p.practice_key ORDER BY p.practice_key;

-- name: AnyLetter :one
-- Whether a letter of the incident was ever put into a mail run.
SELECT EXISTS (SELECT FROM mail_run WHERE incident_id = @incident_id AND pieces > 0);

-- name: LastListOf :one
SELECT number FROM findings_list WHERE incident_id = @incident_id AND kind = @kind AND sha256 = @sha256 ORDER BY number DESC LIMIT 1;

-- name: Amendments :many
-- Lists and corrections after the case folder.
SELECT number, kind, sha256, by_whom, loaded_at FROM findings_list
WHERE incident_id = @incident_id AND kind NOT IN ('returns', 'recall', 'reprint') AND number > 1 ORDER BY number;

-- name: ForgetLetters :exec
-- Rows that are to be taken for new ones: what their letters said is not so any more.
UPDATE finding f SET letter_hash = '00000000-0000-0000-0000-000000000000'
FROM (SELECT unnest(@practice_ids::integer[]) AS practice_id, unnest(@person_keys::text[]) AS person_key) x
WHERE f.practice_id = x.practice_id AND f.person_key = x.person_key;

-- name: LetGoOfLanguage :exec
-- Letters that were held for a language that the incident has now wait again.
WITH held AS (
    SELECT f.practice_id, f.person_key FROM finding f JOIN practice p ON p.id = f.practice_id
    WHERE p.incident_id = @incident_id AND f.state = ANY(@from_states::text[]) AND f.state_why = @why
), unprinted AS (
    UPDATE piece SET superseded = true FROM held
    WHERE piece.practice_id = held.practice_id AND piece.person_key = held.person_key AND NOT piece.superseded
)
UPDATE finding SET state = @to_state, state_why = '' FROM held
WHERE finding.practice_id = held.practice_id AND finding.person_key = held.person_key;

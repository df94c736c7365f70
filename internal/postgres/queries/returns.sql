-- name: PrintedLetters :many
-- Of some letters those that were printed, with the moment at which their batch
-- was, and the day on which it was mailed.
SELECT r.number AS run, x.piece_no::integer AS piece_no, b.saved_at AS printed_at,
    b.mailed_on
FROM (SELECT unnest(@runs::integer[]) AS run, unnest(@piece_nos::integer[]) AS piece_no) x
JOIN mail_run r ON r.incident_id = @incident_id AND r.number = x.run
JOIN batch b ON b.run_id = r.id AND b.number = (x.piece_no - 1) / r.batch_size + 1
WHERE EXISTS (SELECT 1 FROM piece m WHERE m.run_id = r.id AND m.piece_no = x.piece_no AND m.held = '');

-- name: InsertReturned :execrows
-- A letter comes back once, whatever later lists say of it.
INSERT INTO returned_letter (run_id, piece_no, returned_on, reason, list_number)
SELECT r.id, x.piece_no, x.returned_on, x.reason, @list_number
FROM (SELECT unnest(@runs::integer[]) AS run, unnest(@piece_nos::integer[]) AS piece_no,
    unnest(@days::text[])::date AS returned_on, unnest(@reasons::text[]) AS reason) x
JOIN mail_run r ON r.incident_id = @incident_id AND r.number = x.run
ON CONFLICT DO NOTHING;

-- name: MarkReturned :many
-- The findings that a list's letters were for, by practice. Not where a later
-- list of people has another letter owed: this one went to an address nobody uses.
WITH marked AS (
    UPDATE finding f SET returned = true,
        state = CASE WHEN f.state = ANY(@from_states::text[]) THEN @to_state::text ELSE f.state END,
        state_why = CASE WHEN f.state = ANY(@from_states::text[]) AND f.deceased THEN @kin::text
            WHEN f.state = ANY(@from_states::text[]) AND f.agreed_email AND NOT f.email_bounced THEN @by_email::text ELSE f.state_why END
    FROM returned_letter x JOIN mail_run r ON r.id = x.run_id
    JOIN piece m ON m.run_id = x.run_id AND m.piece_no = x.piece_no
    WHERE r.incident_id = @incident_id AND x.list_number = @list_number AND NOT m.superseded
        AND f.practice_id = m.practice_id AND f.person_key = m.person_key AND NOT f.returned
    RETURNING f.practice_id
)
SELECT p.id, p.practice_key, count(*) AS letters FROM marked JOIN practice p ON p.id = marked.practice_id
GROUP BY p.id ORDER BY p.id;

-- name: MarkBounced :many
-- The findings whose agreed e-mail bounced, by practice.
WITH marked AS (
    UPDATE finding f SET email_bounced = true,
        state = CASE WHEN f.state = @told::text AND f.state_why = @by_email::text
            THEN CASE WHEN f.returned THEN @returned_state::text ELSE @no_address::text END ELSE f.state END,
        state_why = CASE WHEN f.state_why = @by_email::text THEN '' ELSE f.state_why END
    FROM (SELECT unnest(@practice_keys::text[]) AS practice_key, unnest(@person_keys::text[]) AS person_key) x
    JOIN practice p ON p.incident_id = @incident_id AND p.practice_key = x.practice_key
    WHERE f.practice_id = p.id AND f.person_key = x.person_key AND f.agreed_email AND NOT f.email_bounced
    RETURNING f.practice_id
)
SELECT p.id, p.practice_key, count(*) AS letters FROM marked JOIN practice p ON p.id = marked.practice_id
GROUP BY p.id ORDER BY p.id;

-- name: NotByEmail :many
-- Of some people those who agreed to no e-mail there, by their place among them.
SELECT x.place::integer FROM (
    SELECT unnest(@practice_keys::text[]) AS practice_key, unnest(@person_keys::text[]) AS person_key, unnest(@places::integer[]) AS place
) x LEFT JOIN practice p ON p.incident_id = @incident_id AND p.practice_key = x.practice_key
LEFT JOIN finding f ON f.practice_id = p.id AND f.person_key = x.person_key AND f.agreed_email
WHERE f.person_key IS NULL ORDER BY x.place;

-- name: BouncedIncoming :many
-- Rows of a further list on people whose e-mail bounced.
SELECT sqlc.embed(f), p.practice_key, n.sealed AS after
FROM incoming_finding n JOIN finding f USING (practice_id, person_key) JOIN practice p ON p.id = n.practice_id
WHERE n.practice_id = ANY(@practice_ids::integer[]) AND f.email_bounced
    AND (n.practice_id, n.person_key) > (@after_practice::integer, @after_person::text)
ORDER BY n.practice_id, n.person_key LIMIT @page;

-- name: KeepBounced :exec
UPDATE incoming_finding n SET email_bounced = true, state_why = CASE WHEN n.state_why = @by_email::text THEN '' ELSE n.state_why END
FROM (SELECT unnest(@practice_ids::integer[]) AS practice_id, unnest(@person_keys::text[]) AS person_key) k
WHERE n.practice_id = k.practice_id AND n.person_key = k.person_key;

-- name: SaveReturned :exec
-- Papers and approvals stay: what they say is as it was.
UPDATE practice SET list_number = @list_number, tally = @tally, changes = changes + 1,
    phase = CASE WHEN phase = 'closed' THEN 'starting' ELSE phase END, closed_on = NULL, closed_why = ''
WHERE practice.id = @id;

-- name: ReturnedIncoming :many
-- Rows of a further list on people whose letter came back.
SELECT sqlc.embed(f), p.practice_key, n.sealed AS after
FROM incoming_finding n JOIN finding f USING (practice_id, person_key) JOIN practice p ON p.id = n.practice_id
WHERE n.practice_id = ANY(@practice_ids::integer[]) AND f.returned
    AND (n.practice_id, n.person_key) > (@after_practice::integer, @after_person::text)
ORDER BY n.practice_id, n.person_key LIMIT @page;

-- name: KeepReturned :exec
UPDATE incoming_finding n SET returned = true
FROM (SELECT unnest(@practice_ids::integer[]) AS practice_id, unnest(@person_keys::text[]) AS person_key) k
WHERE n.practice_id = k.practice_id AND n.person_key = k.person_key;

-- name: MailRunSizes :many
-- How many letters each run has, in their order: an incident's letters are numbered through.
SELECT number, pieces FROM mail_run WHERE incident_id = @incident_id ORDER BY number;

-- name: CameBackTo :many
-- The findings whose letters came back, of some letters, and to which nothing better is known.
SELECT r.number AS run, m.piece_no, p.practice_key, sqlc.embed(f)
FROM (SELECT unnest(@runs::integer[]) AS run, unnest(@piece_nos::integer[]) AS piece_no) x
JOIN mail_run r ON r.incident_id = @incident_id AND r.number = x.run
JOIN piece m ON m.run_id = r.id AND m.piece_no = x.piece_no AND NOT m.superseded
JOIN finding f ON f.practice_id = m.practice_id AND f.person_key = m.person_key AND f.returned
JOIN practice p ON p.id = f.practice_id
ORDER BY p.practice_key, f.person_key;

-- name: InsertScans :many
-- A scan is kept once, whatever later files say it again. Returns those that are new, by letter.
WITH kept AS (
    INSERT INTO piece_scan (run_id, piece_no, scanned_at, operation, facility, kind, sha256)
    SELECT r.id, x.piece_no, x.scanned_at, x.operation, x.facility, x.kind, @sha256
    FROM (SELECT unnest(@runs::integer[]) AS run, unnest(@piece_nos::integer[]) AS piece_no, unnest(@times::timestamptz[]) AS scanned_at,
        unnest(@operations::text[]) AS operation, unnest(@facilities::text[]) AS facility, unnest(@kinds::text[]) AS kind) x
    JOIN mail_run r ON r.incident_id = @incident_id AND r.number = x.run
    ON CONFLICT DO NOTHING
    RETURNING run_id, piece_no
)
SELECT r.number AS run, k.piece_no, count(*)::integer AS scans FROM kept k JOIN mail_run r ON r.id = k.run_id GROUP BY r.number, k.piece_no;

-- name: UnseenLetters :many
-- Letters that were mailed by a day, that no scan is known of and that did not come back.
SELECT r.number AS run, m.piece_no, b.name AS batch, b.mailed_on
FROM mail_run r JOIN batch b ON b.run_id = r.id AND b.mailed_on <= @mailed_by::date
JOIN piece m ON m.run_id = r.id AND m.piece_no BETWEEN (b.number - 1) * r.batch_size + 1 AND b.number * r.batch_size AND m.lead AND m.held = ''
WHERE r.incident_id = @incident_id
    AND NOT EXISTS (SELECT FROM piece_scan s WHERE s.run_id = r.id AND s.piece_no = m.piece_no)
    AND NOT EXISTS (SELECT FROM returned_letter x WHERE x.run_id = r.id AND x.piece_no = m.piece_no)
    AND (r.number, m.piece_no) > (@after_run::integer, @after_piece::integer)
ORDER BY r.number, m.piece_no LIMIT @page;

-- name: ScannedLetters :many
-- How many letters the scans of each kind are of.
SELECT s.kind, count(DISTINCT (s.run_id, s.piece_no))::integer AS letters
FROM piece_scan s JOIN mail_run r ON r.id = s.run_id WHERE r.incident_id = @incident_id GROUP BY s.kind;

-- name: NextPostBatch :one
SELECT (coalesce(max(number), 0) + 1)::integer FROM post_batch WHERE incident_id = @incident_id;

-- name: PracticesToPost :many
-- Who may get a letter of a kind, in ZIP order: whether each still does is decided
-- when it is printed. A practice that is named gets another; no other gets two.
SELECT p.id, p.practice_key FROM practice p
LEFT JOIN page_practice g ON g.practice_id = p.id
LEFT JOIN LATERAL (SELECT x.state FROM outbox x
    WHERE x.incident_id = p.incident_id AND x.practice_key = p.practice_key AND x.step = 'practice_notice'
    ORDER BY x.attempt DESC LIMIT 1) o ON true
WHERE p.incident_id = @incident_id AND p.closed_on IS NULL
    AND (cardinality(@keys::text[]) = 0 OR p.practice_key = ANY(@keys::text[]))
    AND EXISTS (SELECT FROM obligation d WHERE d.practice_id = p.id AND d.kind = 'covered_entity_notice' AND NOT d.dropped
        AND (d.settled_on IS NULL) = (@kind::text = 'notice')
        -- Nobody is reminded of what came yesterday, unless e-mail does not come at all.
        AND (@kind::text = 'notice' OR d.settled_on <= @told_by::date OR p.email_stopped <> ''))
    AND (@kind::text = 'reminder' AND (g.opened_at IS NULL OR g.answered_at IS NULL)
        OR @kind::text = 'notice' AND (coalesce(o.state, '') = ANY(@failed::text[]) OR cardinality(@keys::text[]) > 0 AND coalesce(o.state, '') <> ALL(@on_its_way::text[])))
    AND (cardinality(@keys::text[]) > 0 OR NOT EXISTS (SELECT FROM post_piece x JOIN post_batch b ON b.id = x.batch_id
        WHERE x.practice_id = p.id AND b.kind = @kind AND x.held = ''))
ORDER BY left(p.facts ->> 'zip', 5), p.practice_key;

-- name: InsertPostBatch :one
INSERT INTO post_batch (incident_id, number, kind, act_id) VALUES (@incident_id, @number, @kind, @act_id) RETURNING id;

-- name: InsertPostPieces :exec
INSERT INTO post_piece (batch_id, piece_no, practice_id)
SELECT @batch_id::integer, unnest(@piece_nos::integer[]), unnest(@practice_ids::integer[]);

-- name: PostBatches :many
SELECT b.id, b.number, b.kind, b.act_id, b.printed_at, b.pages, count(x.piece_no)::integer AS pieces, count(*) FILTER (WHERE x.held <> '')::integer AS held,
    -- Letters of which nobody recorded that they were mailed.
    count(*) FILTER (WHERE x.held = '' AND NOT EXISTS (SELECT FROM act a WHERE a.incident_id = b.incident_id AND a.practice_key = p.practice_key AND a.kind = 'record'
        AND a.terms #>> '{Record,Fact,reference}' = 'letter notices-' || lpad(b.number::text, greatest(3, length(b.number::text)), '0')))::integer AS unrecorded
FROM post_batch b LEFT JOIN post_piece x ON x.batch_id = b.id LEFT JOIN practice p ON p.id = x.practice_id
WHERE b.incident_id = @incident_id GROUP BY b.id ORDER BY b.number;

-- name: PostPieces :many
SELECT x.piece_no, p.practice_key, x.held FROM post_piece x JOIN practice p ON p.id = x.practice_id
WHERE x.batch_id = @batch_id ORDER BY x.piece_no;

-- name: ClaimPostBatch :many
-- The first batch that is not printed and that nobody holds.
UPDATE post_batch SET claim = @claim, claim_until = clock_timestamp() + interval '2 minutes'
WHERE id = (SELECT b.id FROM post_batch b WHERE b.printed_at IS NULL AND (b.claim_until IS NULL OR b.claim_until < clock_timestamp())
    ORDER BY b.id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, incident_id, number, kind, planned_at;

-- name: HoldPostBatch :execrows
UPDATE post_batch SET claim_until = clock_timestamp() + interval '2 minutes'
WHERE id = @id AND claim = @claim AND printed_at IS NULL AND claim_until > clock_timestamp();

-- name: LeavePostBatch :exec
UPDATE post_batch SET claim_until = NULL WHERE id = @id AND claim = @claim AND printed_at IS NULL;

-- name: VoidPostCodes :exec
-- Codes of an earlier attempt at a batch, which lie on no paper.
UPDATE page_code SET voided_at = clock_timestamp(), wrapped = NULL
WHERE way = 'post' AND made_at >= @since AND used_at IS NULL AND voided_at IS NULL
    AND practice_id = (SELECT p.id FROM practice p WHERE p.incident_id = @incident_id AND p.practice_key = @practice_key);

-- name: HoldPostPieces :exec
UPDATE post_piece x SET held = h.why FROM (SELECT unnest(@piece_nos::integer[]) AS piece_no, unnest(@whys::text[]) AS why) h
WHERE x.batch_id = @batch_id AND x.piece_no = h.piece_no;

-- name: SavePostBatch :execrows
UPDATE post_batch SET pages = @pages, pdf_sha256 = @pdf_sha256, csv_sha256 = @csv_sha256, printed_at = clock_timestamp()
WHERE id = @id AND claim = @claim AND printed_at IS NULL;

-- name: AdoptPostBatch :one
-- One that a database which was lost had printed, whether or not it is planned here too.
INSERT INTO post_batch AS b (incident_id, number, kind, act_id, planned_at, pages, pdf_sha256, csv_sha256, printed_at)
VALUES (@incident_id, @number, @kind, @act_id, @planned_at, @pages, @pdf_sha256, @csv_sha256, @printed_at::timestamptz)
ON CONFLICT (incident_id, number) DO UPDATE SET planned_at = excluded.planned_at, pages = excluded.pages,
    pdf_sha256 = excluded.pdf_sha256, csv_sha256 = excluded.csv_sha256, printed_at = excluded.printed_at, claim_until = NULL
WHERE b.printed_at IS NULL
RETURNING id;

-- name: PostBatchByNumber :one
SELECT id, kind, printed_at, pdf_sha256, csv_sha256 FROM post_batch WHERE incident_id = @incident_id AND number = @number;

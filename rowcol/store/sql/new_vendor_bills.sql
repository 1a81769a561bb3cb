WITH known AS (SELECT unnest($businesses::VARCHAR[]) AS business_id, unnest($days::DATE[]) AS as_of),
billed AS (
    SELECT t.* FROM {transactions} t JOIN known k ON k.business_id = t.business_id
    WHERE t.entity = 'Bill' AND NOT t.voided AND coalesce(t.txn_date, k.as_of) <= k.as_of
), usual AS (
    -- Of an even count the lower of the two in the middle.
    SELECT b.business_id, quantile_disc(b.total_cents, 0.5) AS median_cents FROM billed b
    WHERE b.total_cents > 0
    GROUP BY b.business_id
)
SELECT b.business_id, p.qbo_id AS vendor_id, p.name, p.created_at, b.qbo_id, b.txn_date, b.due_date, b.doc_number, b.total_cents,
    u.median_cents
FROM {parties} p
JOIN billed b ON b.business_id = p.business_id AND b.party_id = p.qbo_id
JOIN usual u ON u.business_id = b.business_id
WHERE p.entity = 'Vendor' AND p.created_at >= $since
ORDER BY b.business_id, p.qbo_id, b.total_cents DESC, b.qbo_id

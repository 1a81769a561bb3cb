WITH charged AS (
    SELECT t.business_id, t.entity, CASE WHEN t.entity IN ('Bill', 'VendorCredit') THEN t.party_id END AS party_id, t.total_cents,
        CASE WHEN t.txn_date BETWEEN $alike_from::DATE AND $alike_until::DATE THEN $alike_until::DATE ELSE t.txn_date END AS txn_date
    FROM {transactions} t
    WHERE t.entity IN ('Bill', 'VendorCredit', 'Invoice', 'CreditMemo') AND NOT t.voided AND t.txn_date >= $since
        AND t.total_cents IS NOT NULL
)
SELECT c.business_id, c.entity, c.txn_date, c.party_id, sum(c.total_cents)::BIGINT AS total_cents
FROM charged c GROUP BY c.business_id, c.entity, c.txn_date, c.party_id
ORDER BY c.business_id, c.entity, c.txn_date, c.party_id

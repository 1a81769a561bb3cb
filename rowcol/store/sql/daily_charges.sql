SELECT t.business_id, t.entity, t.txn_date,
    CASE WHEN t.entity IN ('Bill', 'VendorCredit') THEN t.party_id END AS party_id, sum(t.total_cents)::BIGINT AS total_cents
FROM {transactions} t
WHERE t.entity IN ('Bill', 'VendorCredit', 'Invoice', 'CreditMemo') AND NOT t.voided AND t.txn_date >= $since
    AND t.total_cents IS NOT NULL
GROUP BY t.business_id, t.entity, t.txn_date, CASE WHEN t.entity IN ('Bill', 'VendorCredit') THEN t.party_id END
ORDER BY t.business_id, t.entity, t.txn_date, party_id

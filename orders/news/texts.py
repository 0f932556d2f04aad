"""The texts of order news until the merchant writes others. Placeholders: `messaging/texts.py`, those of news."""

from __future__ import annotations

from orders.models import When

READY: dict[When, str] = {
    When.RECEIVED: "Sn.(arg0) (arg1) numaralı siparişinizi aldık. Teşekkür ederiz. (magaza)",
    When.WAITING_FOR_PAYMENT: "Sn.(arg0) (arg1) numaralı siparişiniz için (tutar) ödemenizi bekliyoruz. (magaza)",
    When.APPROVED: "Sn.(arg0) (arg1) numaralı siparişiniz onaylandı. (magaza)",
    When.BEING_PREPARED: "Sn.(arg0) (arg1) numaralı siparişiniz hazırlanıyor. (magaza)",
    When.SHIPPED: "Sn.(arg0) (arg1) numaralı siparişiniz kargoda. (kargo) takip no: (takipno) (takiplinki) (magaza)",
    When.DELIVERED: "Sn.(arg0) (arg1) numaralı siparişiniz teslim edildi. Teşekkür ederiz. (magaza)",
    When.CANCELLED: "Sn.(arg0) (arg1) numaralı siparişiniz iptal edildi. Sorunuz varsa bizi arayın. (magaza)",
    When.REFUNDED: "Sn.(arg0) (arg1) numaralı siparişinizin iadesi yapıldı. (magaza)",
    When.PERSONAL_1: "Sn.(arg0) (arg1) numaralı siparişinizin durumu değişti. (magaza)",
    When.PERSONAL_2: "Sn.(arg0) (arg1) numaralı siparişinizin durumu değişti. (magaza)",
    When.PERSONAL_3: "Sn.(arg0) (arg1) numaralı siparişinizin durumu değişti. (magaza)",
}
WITHOUT_CODE = "Sn.(arg0) (arg1) numaralı siparişiniz kargoya verildi. (magaza)"

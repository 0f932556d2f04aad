"""What a store sells, three things, enough to order from, and who brings them."""

from dataclasses import dataclass
from typing import Final

TAX_PERCENT: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """`price` is in TL without tax, as an order's item carries it."""

    name: str
    sku: str
    price: float

    @property
    def shelf_price(self) -> float:
        """In TL with tax, as a buyer sees it."""
        return round(self.price * (1 + TAX_PERCENT / 100), 2)


PRODUCTS: Final = (
    Product(name="Keten gömlek", sku="KET-01", price=449.9),
    Product(name="Bakır cezve", sku="CZV-07", price=289.0),
    Product(name="Yün atkı", sku="ATK-12", price=199.5),
)
BY_SKU: Final = {product.sku: product for product in PRODUCTS}
SHIPPING: Final = 39.9
PAY_AT_DOOR: Final = 15.0
# Who brings the parcel, as stores write them; the first is the platform's own example (facts: A).
CARRIERS: Final = ("Idea Cargo", "Aras Kargo", "MNG Kargo", "PTT Kargo", "Sürat Kargo", "Yurtiçi Kargo")

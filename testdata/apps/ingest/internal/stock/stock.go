// Package stock is the shop's assortment.
package stock

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
)

//go:embed assortment.json
var assortment []byte

// Product is one thing that can be bought.
type Product struct {
	SKU   string   `json:"sku"`
	Name  string   `json:"name"`
	Cents int      `json:"cents"`
	Tags  []string `json:"tags"`
}

// All returns every product, sorted by SKU.
func All() ([]Product, error) {
	var all []Product
	if err := json.Unmarshal(assortment, &all); err != nil {
		return nil, fmt.Errorf("reading the assortment: %w", err)
	}
	slices.SortFunc(all, func(a, b Product) int { return cmp.Compare(a.SKU, b.SKU) })
	return all, nil
}

// Command catalog is the shop's public HTTP API behind an API Gateway.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	ginadapter "github.com/awslabs/aws-lambda-go-api-proxy/gin"
	"github.com/gin-gonic/gin"

	"example.com/acme/ingest/internal/stock"
)

type search struct {
	Tag   string `form:"tag" binding:"omitempty,alpha"`
	Below int    `form:"below" binding:"omitempty,min=1"`
}

func router(products []stock.Product) *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.Use(gin.Recovery())
	r.GET("/products", func(c *gin.Context) {
		var s search
		if err := c.ShouldBindQuery(&s); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": "tag takes letters, below a positive number"})
			return
		}
		found := []stock.Product{}
		for _, p := range products {
			if (s.Tag == "" || slices.Contains(p.Tags, s.Tag)) && (s.Below == 0 || p.Cents < s.Below) {
				found = append(found, p)
			}
		}
		c.JSON(http.StatusOK, found)
	})
	r.GET("/products/:sku", func(c *gin.Context) {
		for _, p := range products {
			if p.SKU == c.Param("sku") {
				c.JSON(http.StatusOK, p)
				return
			}
		}
		c.JSON(http.StatusNotFound, gin.H{"error": "no such product"})
	})
	return r
}

func main() {
	products, err := stock.All()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	adapter := ginadapter.NewV2(router(products))
	lambda.Start(func(ctx context.Context, r events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		return adapter.ProxyWithContext(ctx, r)
	})
}

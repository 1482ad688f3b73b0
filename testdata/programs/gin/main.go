// Command gin serves an HTTP API through a router.
package main

import (
	"net/http"

	"github.com/aws/aws-lambda-go/lambda"
	ginadapter "github.com/awslabs/aws-lambda-go-api-proxy/gin"
	"github.com/gin-gonic/gin"
)

type order struct {
	ID    string `json:"id" binding:"required"`
	Count int    `json:"count" binding:"min=1"`
}

func main() {
	r := gin.New()
	r.Use(gin.Recovery())
	r.GET("/health", func(c *gin.Context) { c.String(http.StatusOK, "ok") })
	r.POST("/orders", func(c *gin.Context) {
		var o order
		if err := c.ShouldBindJSON(&o); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
			return
		}
		c.JSON(http.StatusCreated, o)
	})
	lambda.Start(ginadapter.New(r).ProxyWithContext)
}
